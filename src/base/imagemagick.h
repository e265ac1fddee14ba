// The names of ImageMagick's commands, for advice that users can paste.
#pragma once

#ifdef _WIN32
#define SHADENET_CONVERT "magick"  // Windows has another `convert`, for disks
#define SHADENET_MOGRIFY "magick mogrify"
#else
#define SHADENET_CONVERT "convert"  // all versions have it; those before 7 have no `magick`
#define SHADENET_MOGRIFY "mogrify"
#endif
