// The parameters of the shown epoch, as pictures and as numbers.
#pragma once

#include "viewer/selection.h"

namespace shadenet {

/// The weights of the first and the last convolution: a coloured picture for each filter of the first, and a
/// row of grey kernels for each output channel of the last. 0 is mid grey; the layer's largest |weight| is
/// black or white. Of a dense first layer a picture for each unit, as in the report.
void draw_filters_panel(const PanelFrame& frame);

/// For each norm layer γ, β and the moving statistics of its channels after the shown epoch, or the biases of
/// all layers in a network without norm. Long tables scroll.
void draw_table_panel(const PanelFrame& frame);

}  // namespace shadenet
