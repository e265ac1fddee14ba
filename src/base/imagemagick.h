// The names of ImageMagick's commands, for advice that is to work when it is followed.
#pragma once

#ifdef _WIN32
#define SHADENET_CONVERT "magick"  // `convert` is a tool for disks there
#define SHADENET_MOGRIFY "magick mogrify"
#else
#define SHADENET_CONVERT "convert"  // of all versions; those before 7 have no `magick`
#define SHADENET_MOGRIFY "mogrify"
#endif
