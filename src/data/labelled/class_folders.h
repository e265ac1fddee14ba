// A folder of pictures for each class.
#pragma once

#include <filesystem>

#include "data/labelled_pictures.h"

namespace shadenet {

struct LabelledOptions;

/// The classes are the folders below `folder`/train, where that holds folders, and `folder`/test has the test
/// part, if it is there; else those below `folder` itself, without a test part. Classes are in the order of
/// their names, byte by byte, and so are the pictures of each; hidden files and folders are skipped, and
/// folders within a class are not looked into. Each picture becomes what PictureRule says, of the size that
/// LabelledOptions says. There is one channel if in every picture red, green and blue are the same bytes,
/// else three. Pictures that cannot be read are left out, counted and named in the warnings, which tell too
/// of pictures that lie beside the classes, and of folders within these. Throws InputError when more than
/// half of a class and part cannot be read, a class has no picture, a class of test is not one of training,
/// or there are too many classes or pictures; Stopped.
LabelledData read_class_folders(const std::filesystem::path& folder, const LabelledOptions& options);

}  // namespace shadenet
