// A linear filter as files for people: numbers, a function, and a picture.
#pragma once

#include <string>

#include "export/linear_kernel.h"
#include "image/image.h"

namespace shadenet {

/// A line for each weight, `output,input,row,column,weight`, with colours by name and places from the middle
/// one, and three with the input `constant`.
std::string kernel_csv(const LinearKernel& kernel);

/// GLSL: `vec3 shadenet_filter(sampler2D picture, ivec2 at)`, which reads pixels as values of 0..1, and what
/// they are beyond the picture's edges.
std::string kernel_glsl(const LinearKernel& kernel);

/// The weights, a row for each colour of the result and a column for each of the picture: grey is 0, the
/// largest of all is white, and black its negative. Beside them the gain of grey patterns, in the result's
/// three colours: the middle is what is flat, the edges are patterns of two pixels; black is a gain of 0,
/// grey 1, and white 2 or more.
Picture8 kernel_picture(const LinearKernel& kernel);

}  // namespace shadenet
