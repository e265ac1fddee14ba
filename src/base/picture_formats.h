// The picture formats that are read and written, as messages name them.
#pragma once

#define SHADENET_PICTURE_FORMATS "PNG, JPEG, BMP, TGA, TIFF or WebP"
#define SHADENET_PICTURE_EXTENSIONS ".png, .jpg, .jpeg, .bmp, .tga, .tif, .tiff or .webp"
