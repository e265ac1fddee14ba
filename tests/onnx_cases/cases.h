// Models of every kind of layer, with pictures, and what the float64 reference makes of them: what readers of
// exported files are measured by.
#pragma once

#include <string>
#include <vector>

#include "model/model_file.h"

namespace shadenet::test {

struct OnnxCase {
    std::string name;
    Model model;     ///< weights, norms and statistics are all drawn by chance
    Shape pictures;  ///< that it is given, of odd sizes where it takes any
};

std::vector<OnnxCase> onnx_cases();
/// The model of a network's text, with such values. Where it ends in a dense layer or an average it tells
/// classes.
Model drawn_model(const std::string& network);
/// Values of 0..1.
std::vector<float> case_pictures(const OnnxCase& one);
/// What an exported file is to make of them: not clamped, or logits.
std::vector<double> case_results(const OnnxCase& one);

}  // namespace shadenet::test
