/** Which of two picture readers a model was trained with. What they do differently is in `to-rgb.ts`. */
import type { Profile } from "../../anomalib/model-description.js";

/** Whose pixels: those of OpenCV 4.8 (`cv2.imread`, BGR→RGB) or of Pillow 10.4 (`convert("RGB")`). */
export type PixelRule = "opencv" | "pillow";

/** The reader that a profile's Anomalib uses: OpenCV until 0.7, Pillow from 1.0 on. Our own models see OpenCV's pixels. */
export function pixelRuleOf(profile: Profile): PixelRule {
  return profile === "anomalib-1" || profile === "anomalib-2" ? "pillow" : "opencv";
}
