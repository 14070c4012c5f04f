"""Deformable convolution (Dai et al. 2017) in plain PyTorch, which mmcv has only compiled."""
import torch


class PlainDeformConv2d(torch.nn.Module):
    """Every tap is read bilinearly at its own place; outside of the map there is nothing."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1,
                 deform_groups=1, bias=False, im2col_step=32):
        super().__init__()
        assert stride == 1 and not bias
        self.k, self.p, self.d, self.groups, self.offsets = kernel_size, padding, dilation, groups, deform_groups
        self.weight = torch.nn.Parameter(torch.empty(out_channels, in_channels // groups, kernel_size, kernel_size))

    def forward(self, x, offset):
        B, C, H, W = x.shape
        offset = offset.view(B, self.offsets, self.k * self.k, 2, H, W)
        rows, columns = torch.meshgrid(torch.arange(H), torch.arange(W), indexing='ij')
        parts = x.view(B, self.offsets, C // self.offsets, H * W)
        taps = []
        for tap in range(self.k * self.k):
            y = rows + tap // self.k * self.d - self.p + offset[:, :, tap, 0]
            z = columns + tap % self.k * self.d - self.p + offset[:, :, tap, 1]
            value = 0
            for dy in (0, 1):
                for dz in (0, 1):
                    yy, zz = y.floor() + dy, z.floor() + dz
                    share = (1 - (y - yy).abs()) * (1 - (z - zz).abs())
                    share = share * ((yy >= 0) & (yy < H) & (zz >= 0) & (zz < W))
                    at = (yy.clamp(0, H - 1) * W + zz.clamp(0, W - 1)).long().view(B, self.offsets, 1, H * W)
                    read = parts.gather(3, at.expand(-1, -1, C // self.offsets, -1))
                    value = value + read.view(B, self.offsets, -1, H, W) * share.unsqueeze(2)
            taps.append(value.reshape(B, C, H, W))
        columns = torch.stack(taps, 2).reshape(B, C * self.k * self.k, H, W)
        return torch.nn.functional.conv2d(columns, self.weight.flatten(1)[:, :, None, None], groups=self.groups)
