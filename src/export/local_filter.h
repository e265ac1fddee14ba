// What exports other than ONNX hold: filters that look at a few pixels around each.
#pragma once

#include <string>

#include "model/model_file.h"

namespace shadenet {

/// Throws InputError "<source>: ..., which <holder> holds; export it as .onnx" for a model that tells
/// classes, and for a network that does not make of every large picture one of its size, or has strides or
/// averages. `holder`: "no table of colours".
void require_local_filter(const Model& model, const std::string& source, const char* holder);

}  // namespace shadenet
