// onnx_cases FOLDER: writes the cases as NAME.safetensors, NAME.pictures and NAME.results (float32,
// row-major), and a list, cases.txt, with a line for each: its name, images, channels, rows and columns.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "cases.h"

namespace {

void write_values(const std::filesystem::path& path, const std::vector<float>& values) {
    shadenet::write_file_atomically(path, std::as_bytes(std::span(values)));
}

void write_cases(const std::filesystem::path& folder) {
    std::string list;
    for (const shadenet::test::OnnxCase& one : shadenet::test::onnx_cases()) {
        shadenet::write_model(folder / (one.name + ".safetensors"), one.model);
        write_values(folder / (one.name + ".pictures"), case_pictures(one));
        const std::vector<double> results = case_results(one);
        write_values(folder / (one.name + ".results"), {results.begin(), results.end()});
        const shadenet::Shape& shape = one.pictures;
        list += fmt::format("{} {} {} {} {}\n", one.name, shape.n, shape.c, shape.h, shape.w);
    }
    shadenet::write_file_atomically(folder / "cases.txt", list);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: onnx_cases FOLDER\n", stderr);
        return 2;
    }
    try {
        write_cases(argv[1]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "onnx_cases: %s\n", error.what());
        return 1;
    }
    return 0;
}
