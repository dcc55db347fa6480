"""Makes soft-labels.safetensors: PyTorch's cross-entropy against probabilities of labels, with its gradients, all F32.

`loss` and `grad` are of equal weights. `weighted.loss` and `weighted.grad` weigh each post by its most probable label.
"""
import sys

import torch
from safetensors.torch import save_file
from torch.nn.functional import cross_entropy

if __name__ == "__main__":
    torch.manual_seed(18)
    logits = (3 * torch.randn(6, 3)).double()
    targets = torch.softmax(2 * torch.randn(6, 3), dim=1).double()
    # A label without probability, a certain one, and two that are equally probable.
    targets[0] = torch.tensor([0, 0.25, 0.75])
    targets[1] = torch.tensor([0, 1, 0])
    targets[2] = torch.tensor([0.5, 0.5, 0])
    logits, targets = logits.float().double(), targets.float().double()
    weights = torch.tensor([0.2, 1.5, 4], dtype=torch.float64)
    kept = {"logits": logits.clone(), "targets": targets, "weights": weights}
    shares = weights[targets.argmax(dim=1)]
    for name, share in [("", torch.ones(6)), ("weighted.", shares)]:
        x = logits.clone().requires_grad_()
        loss = (cross_entropy(x, targets, reduction="none") * share).sum() / share.sum()
        loss.backward()
        kept |= {f"{name}loss": loss.detach().reshape(1), f"{name}grad": x.grad}
    save_file({key: value.float().contiguous() for key, value in kept.items()}, f"{sys.argv[1]}/soft-labels.safetensors")
