#include "viewer/viewer_program.h"

int main(int argc, char** argv) {
    return shadenet::run_viewer_program(argc, argv);
}
