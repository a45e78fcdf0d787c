// Judges pictures with a model that `blemish export --preprocessing inside` wrote. Needs ONNX Runtime's C++ API.
//
//   g++ -std=c++17 -O2 judge.cpp -I<onnxruntime>/include -L<onnxruntime>/lib -lonnxruntime -o judge
//   ./judge part.onnx part.ppm...
#include <onnxruntime_cxx_api.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

struct Picture {
  int64_t width = 0, height = 0;
  std::vector<float> planes;  // [3, height, width], 0 to 255: red, green, blue
};

// An 8-bit binary PPM (P6) without comments.
static Picture readPpm(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::string kind;
  int highest = 0;
  Picture picture;
  file >> kind >> picture.width >> picture.height >> highest;
  file.get();
  if (!file || kind != "P6" || highest != 255) throw std::runtime_error(std::string(path) + " is not an 8-bit binary PPM");
  const size_t area = picture.width * picture.height;
  std::vector<unsigned char> samples(3 * area);
  if (!file.read(reinterpret_cast<char*>(samples.data()), samples.size())) throw std::runtime_error("cut off");
  picture.planes.resize(3 * area);
  for (size_t i = 0; i < area; i++)
    for (size_t c = 0; c < 3; c++) picture.planes[c * area + i] = samples[3 * i + c];
  return picture;
}

int main(int count, char** words) try {
  if (count < 3) throw std::runtime_error("usage: judge part.onnx part.ppm...");
  Ort::Env env(ORT_LOGGING_LEVEL_ERROR);
  Ort::Session session(env, words[1], Ort::SessionOptions{});
  const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  const std::array<const char*, 1> inputs{"input"};
  const std::array<const char*, 2> outputs{"pred_score", "pred_label"};
  for (int i = 2; i < count; i++) {
    Picture picture = readPpm(words[i]);
    const std::array<int64_t, 4> shape{1, 3, picture.height, picture.width};
    auto tensor = Ort::Value::CreateTensor<float>(memory, picture.planes.data(), picture.planes.size(), shape.data(), 4);
    auto results = session.Run(Ort::RunOptions{}, inputs.data(), &tensor, 1, outputs.data(), 2);
    const float score = results[0].GetTensorData<float>()[0];
    std::printf("%s %.7g %s\n", words[i], score, results[1].GetTensorData<bool>()[0] ? "anomalous" : "good");
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
