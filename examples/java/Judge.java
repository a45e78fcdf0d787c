// Judges pictures with a model that `blemish export --preprocessing inside` wrote. Needs com.microsoft.onnxruntime.
//
//   java -cp onnxruntime.jar Judge.java part.onnx part.png...
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;

public class Judge {
  /** [1, 3, height, width], 0 to 255: red, green, blue. */
  private static OnnxTensor tensorOf(OrtEnvironment environment, BufferedImage image) throws Exception {
    int width = image.getWidth();
    int height = image.getHeight();
    int area = width * height;
    int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
    float[] planes = new float[3 * area];
    for (int i = 0; i < area; i++)
      for (int c = 0; c < 3; c++) planes[c * area + i] = (pixels[i] >> (16 - 8 * c)) & 0xff;
    return OnnxTensor.createTensor(environment, FloatBuffer.wrap(planes), new long[] {1, 3, height, width});
  }

  public static void main(String[] words) throws Exception {
    if (words.length < 2) throw new IllegalArgumentException("usage: Judge part.onnx part.png...");
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(words[0], new OrtSession.SessionOptions())) {
      for (int i = 1; i < words.length; i++) {
        BufferedImage image = ImageIO.read(new File(words[i]));
        if (image == null) throw new IllegalArgumentException(words[i] + " is no picture that Java reads");
        try (OnnxTensor tensor = tensorOf(environment, image);
            OrtSession.Result result = session.run(Map.of("input", tensor), Set.of("pred_score", "pred_label"))) {
          float score = ((float[][]) result.get("pred_score").orElseThrow().getValue())[0][0];
          boolean label = ((boolean[][]) result.get("pred_label").orElseThrow().getValue())[0][0];
          System.out.printf("%s %s %s%n", words[i], score, label ? "anomalous" : "good");
        }
      }
    }
  }
}
