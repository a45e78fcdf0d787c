"""Puts a ResNet-18 from a file where Anomalib asks timm for its backbone, so that both sides train on the same weights.

The file is safetensors with batch normalisation folded into each convolution's weight and bias, named as torchvision
names them. A BatchNorm with weight 1, mean 0 and variance 1 - epsilon adds the bias and does nothing else.
"""

import timm
import torch
from safetensors.torch import load_file


def install(path):
    """Replaces timm's factory: every network it makes has these weights. Nothing is downloaded. Call it first."""
    make, weights = timm.create_model, load_file(str(path))

    def create_model(name, *arguments, **options):
        options["pretrained"] = False
        # The second positional argument of timm's factory is `pretrained`.
        network = make(name, *arguments[1:], **options)
        fill(network, weights)
        return network

    timm.create_model = create_model


def fill(network, weights):
    modules = dict(network.named_modules())
    with torch.no_grad():
        for name, value in weights.items():
            convolution, kind = name.rsplit(".", 1)
            if kind == "weight":
                modules[convolution].weight.copy_(value)
            else:
                norm = modules[norm_of(convolution)]
                norm.weight.fill_(1)
                norm.bias.copy_(value)
                norm.running_mean.fill_(0)
                norm.running_var.fill_(1 - norm.eps)


def norm_of(convolution):
    """layer1.0.conv2 -> layer1.0.bn2, layer2.0.downsample.0 -> layer2.0.downsample.1"""
    if convolution.endswith("downsample.0"):
        return convolution[:-1] + "1"
    head, _, last = convolution.rpartition(".")
    return f"{head}.{last.replace('conv', 'bn')}".lstrip(".")
