// A filter as a package that darktable installs: ONNX and what darktable has to know of it.
#pragma once

#include <string>

#include "model/model_file.h"

namespace shadenet {

/// darktable cuts pictures into tiles that overlap by so many pixels at each side.
inline constexpr std::uint32_t darktable_overlap = 64;

/// Why a file of that name, without its ending, can be no package, as darktable keeps it in a folder of that
/// name: in words that follow "the name "; empty where it can.
std::string no_package_name_reason(const std::string& name);

/// The bytes of NAME.dtmodel: a zip archive of NAME/config.json and NAME/model.onnx, for the task denoise,
/// which gives a model tiles of red, green and blue as sRGB files have them and takes the same back.
/// `version`: of this program. Throws InputError "<source>: ..." for what is no filter of the pixels around
/// each, and for one that sees further than tiles overlap.
std::string darktable_package(const Model& model, const std::string& name, const std::string& version,
                              const std::string& source);

}  // namespace shadenet
