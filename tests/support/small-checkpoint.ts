/** Checkpoints as Anomalib saves them, of a tiny ResNet: small enough to make in a test. */
import { seededRandom } from "../../packages/core/src/random.js";
import { tinyResnet } from "./tiny-resnet.js";
import { dictionary, object, type Pickled, tensorWriter, torchArchive } from "./torch-archive.js";

/** What a small checkpoint is to be. */
export interface SmallCheckpoint {
  readonly method: "padim" | "patchcore";
  readonly version: "0.7" | "2";
  /** Lightning's checkpoint, or the module itself. */
  readonly saved: "lightning" | "module";
  /** Put in the place of keys of the dictionary, or beside them. */
  readonly changes?: Readonly<Record<string, Pickled>>;
}

/** Side of the picture; cells of layer1 are four times smaller. */
export const CHECKPOINT_SIDE = 32;
/** Drawn channels of 4 + 8. */
export const CHECKPOINT_CHANNELS = [9, 2, 4, 0];
const LAYERS = ["layer1", "layer2"];
const CELLS = (CHECKPOINT_SIDE / 4) ** 2;

/** The archive's bytes; the same request gives the same bytes. */
export function smallCheckpoint({ method, version, saved, changes = {} }: SmallCheckpoint): Uint8Array {
  const { tensor, storages } = tensorWriter();
  const network = tinyResnet({ bottleneck: false, blocks: [1, 1], width: 4, seed: 5 });
  const prefix = "model.feature_extractor.feature_extractor.";
  const state: Record<string, Pickled> = {};
  for (const [name, { data, shape }] of Object.entries(network.arrays))
    state[prefix + name] = tensor(data as Float32Array, shape);
  Object.assign(state, headTensors(method, tensor), numbersOf(version, tensor));
  const parts = saved === "lightning" ? lightning(method, version, state) : module(method, version, state);
  return torchArchive(dictionary({ ...parts, ...changes }), storages);
}

type Write = ReturnType<typeof tensorWriter>["tensor"];

function headTensors(method: SmallCheckpoint["method"], tensor: Write): Record<string, Pickled> {
  const random = seededRandom(3);
  const normal = (count: number) => Float32Array.from({ length: count }, () => random.normal());
  if (method === "patchcore") return { "model.memory_bank": tensor(normal(20 * 12), [20, 12]) };
  const kept = CHECKPOINT_CHANNELS.length;
  const inverse = Float32Array.from({ length: CELLS * kept * kept }, (_, at) =>
    (at % (kept * kept)) % (kept + 1) === 0 ? 2 + (at % 5) / 10 : 0.25,
  );
  return {
    "model.idx": tensor(BigInt64Array.from(CHECKPOINT_CHANNELS, BigInt), [kept]),
    "model.gaussian.mean": tensor(normal(kept * CELLS), [kept, CELLS]),
    "model.gaussian.inv_covariance": tensor(inverse, [CELLS, kept, kept]),
  };
}

/** Thresholds and ranges, each exact in float32. */
const NUMBERS = { imageThreshold: 3.5, pixelThreshold: 2.25, min: 0.5, max: 8.5 };

function numbersOf(version: SmallCheckpoint["version"], tensor: Write): Record<string, Pickled> {
  const scalar = (value: number) => tensor(Float32Array.of(value), []);
  const { imageThreshold, pixelThreshold, min, max } = NUMBERS;
  if (version === "0.7")
    return {
      "image_threshold.value": scalar(imageThreshold),
      "pixel_threshold.value": scalar(pixelThreshold),
      "normalization_metrics.min": scalar(min),
      "normalization_metrics.max": scalar(max),
    };
  return {
    "post_processor._image_threshold": scalar(imageThreshold),
    "post_processor._pixel_threshold": scalar(pixelThreshold),
    "post_processor.image_min": scalar(min),
    "post_processor.image_max": scalar(max),
    "post_processor.pixel_min": scalar(min),
    "post_processor.pixel_max": scalar(max),
  };
}

const MEAN = [0.485, 0.456, 0.406];
const STD = [0.229, 0.224, 0.225];

/** OmegaConf's way to keep a value. */
const node = (value: Pickled): Pickled => object("omegaconf.nodes", "AnyNode", { _val: value });
const config = (fields: Record<string, Pickled>): Pickled =>
  object("omegaconf.dictconfig", "DictConfig", { _content: dictionary(fields) });

function lightning(
  method: SmallCheckpoint["method"],
  version: SmallCheckpoint["version"],
  state: Record<string, Pickled>,
): Record<string, Pickled> {
  const common = { epoch: 0, "pytorch-lightning_version": "1.9.5", state_dict: dictionary(state) };
  if (version === "2")
    return {
      ...common,
      hyper_parameters: dictionary({ backbone: "resnet18", layers: LAYERS, num_neighbors: 5 }),
      anomalib_pre_processor_config: dictionary({
        transform: dictionary({
          class_path: "torchvision.transforms.v2.Compose",
          init_args: dictionary({
            transforms: [
              dictionary({
                class_path: "torchvision.transforms.v2.Resize",
                init_args: dictionary({ size: [CHECKPOINT_SIDE, CHECKPOINT_SIDE], antialias: true }),
              }),
              dictionary({
                class_path: "torchvision.transforms.v2.Normalize",
                init_args: dictionary({ mean: MEAN, std: STD }),
              }),
            ],
          }),
        }),
      }),
      anomalib_post_processor_config: dictionary({ image_sensitivity: 0.5, pixel_sensitivity: 0.25 }),
    };
  const list = (values: readonly Pickled[]) =>
    object("omegaconf.listconfig", "ListConfig", { _content: values.map(node) });
  return {
    ...common,
    hyper_parameters: config({
      dataset: config({
        image_size: list([CHECKPOINT_SIDE, CHECKPOINT_SIDE]),
        center_crop: node(null),
        normalization: node("imagenet"),
        task: node("segmentation"),
      }),
      model: config({ name: node(method), layers: list(LAYERS), num_neighbors: node(5) }),
    }),
  };
}

/** The module tree that names like `model.gaussian.mean` come from. */
function module(
  method: SmallCheckpoint["method"],
  version: SmallCheckpoint["version"],
  state: Record<string, Pickled>,
): Record<string, Pickled> {
  const fields = { layers: LAYERS, num_neighbors: 5 };
  if (version === "2") {
    const extra = { pre_processor: preProcessor() };
    return {
      model: tree(`anomalib.models.image.${method}.lightning_model`, state, "", { model: fields }, extra),
    };
  }
  // 0.7 saves the model inside, and an export's metadata beside it.
  const inner = Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => name.startsWith("model."))
      .map(([name, value]) => [name.slice(6), value]),
  );
  const metadata = dictionary({
    task: "classification",
    transform: dictionary({
      transform: dictionary({
        __class_fullname__: "Compose",
        transforms: [
          dictionary({
            __class_fullname__: "Resize",
            height: CHECKPOINT_SIDE,
            width: CHECKPOINT_SIDE,
            interpolation: 1,
          }),
          dictionary({ __class_fullname__: "Normalize", mean: MEAN, std: STD, max_pixel_value: 255.5 - 0.5 }),
          dictionary({ __class_fullname__: "ToTensorV2", transpose_mask: false }),
        ],
      }),
    }),
    image_threshold: NUMBERS.imageThreshold,
    pixel_threshold: NUMBERS.pixelThreshold,
    min: NUMBERS.min,
    max: NUMBERS.max,
  });
  return { model: tree(`anomalib.models.${method}.torch_model`, inner, "", { "": fields }), metadata };
}

function preProcessor(): Pickled {
  const transforms = [
    object("torchvision.transforms.v2._geometry", "Resize", { size: [CHECKPOINT_SIDE, CHECKPOINT_SIDE] }),
    object("torchvision.transforms.v2._misc", "Normalize", { mean: MEAN, std: STD }),
  ];
  const compose = object("torchvision.transforms.v2._container", "Compose", { transforms });
  return object("anomalib.pre_processing.pre_processor", "PreProcessor", {
    _modules: dictionary({ transform: compose }),
  });
}

function tree(
  module_: string,
  state: Readonly<Record<string, Pickled>>,
  path: string,
  fields: Readonly<Record<string, Record<string, Pickled>>>,
  extra: Readonly<Record<string, Pickled>> = {},
): Pickled {
  const buffers: Record<string, Pickled> = {};
  const inner: Record<string, Record<string, Pickled>> = {};
  for (const [name, value] of Object.entries(state)) {
    const dot = name.indexOf(".");
    if (dot < 0) buffers[name] = value;
    else {
      const child = name.slice(0, dot);
      inner[child] ??= {};
      inner[child][name.slice(dot + 1)] = value;
    }
  }
  const children = Object.entries(inner).map(([name, own]): [string, Pickled] => [
    name,
    tree("torch.nn", own, path === "" ? name : `${path}.${name}`, fields),
  ]);
  return object(module_, "Module", {
    ...fields[path],
    _parameters: dictionary({}),
    _buffers: dictionary(buffers),
    _modules: dictionary({ ...Object.fromEntries(children), ...extra }),
  });
}
