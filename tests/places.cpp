#include "places.h"

namespace shadenet::test {

std::string source_folder() {
    return SHADENET_SOURCE_FOLDER;
}

std::string shadenet_program() {
    return SHADENET_PROGRAM;
}

std::string viewer_program() {
    return SHADENET_VIEWER_PROGRAM;
}

}  // namespace shadenet::test
