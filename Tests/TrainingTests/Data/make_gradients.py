"""Makes the safetensors of this folder: what training must reproduce, by the reference and PyTorch's gradients.

Each file belongs to the model and the posts of the same name in ModelsTests/Data: the losses, every gradient, the loss
before each of 20 steps of the optimiser, and the parameters after them, all F32.
"""
import sys

import torch
from safetensors.torch import save_file

from cases import CASES, drawn
from clfa import BertAdam

STEPS = 20


def golden(name):
    model, batch = drawn(name)
    kept = {key: batch[key] for key in ("labels", "teacher_text", "teacher_image")}
    losses = model.losses(batch)
    losses["total"].backward()
    kept |= {f"loss.{key}": value.detach().reshape(-1) for key, value in losses.items()}
    kept |= {f"grad.{key}": p.grad.reshape(-1).clone() for key, p in model.named_parameters() if p.grad is not None}

    optimiser, trace = BertAdam(model, rate=1e-3, steps=STEPS), []
    for _ in range(STEPS):
        model.zero_grad()
        loss = model.losses(batch)["total"]
        trace.append(loss.item())
        loss.backward()
        optimiser.step()
    kept |= {f"after.{key}": value for key, value in model.state_dict().items()}
    return kept | {"trace": torch.tensor(trace)}


if __name__ == "__main__":
    for name in CASES:
        save_file({key: value.float().contiguous() for key, value in golden(name).items()}, f"{sys.argv[1]}/{name}.safetensors")
