// How large the numbers of an export may be.
#pragma once

#include <string>

namespace shadenet {

/// Of the programs that take colour tables, kernels and shaders, some keep their numbers, or what becomes of
/// them, as half-precision floats, and these end here.
inline constexpr double largest_exported = 65504;

/// Throws InputError "<source>: its <what> ..." for a number beyond that, and for what is no number.
void require_exportable(double number, const char* what, const std::string& source);

}  // namespace shadenet
