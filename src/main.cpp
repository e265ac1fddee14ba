#include "cli/commands.h"

int main(int argc, char** argv) {
    return shadenet::run_program(argc, argv);
}
