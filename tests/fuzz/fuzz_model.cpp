// Any bytes as a model file: ours, one of PyTorch's, or none.
#include <cmath>
#include <span>

#include "fuzz/fuzz.h"
#include "model/model_file.h"

namespace {

using namespace shadenet;

/// What the rest of the program relies on.
void expect_usable(const Model& model) {
    validate(model.options);
    for (const std::string& note : model.notes) fuzz::expect_one_line(note);
    for (const TensorSpec& spec : tensor_specs(model.architecture())) {
        const NamedTensor& tensor = model.parameters.at(spec.name);
        if (tensor.shape != spec.shape || tensor.values.size() != spec.values()) std::abort();
        for (const float value : tensor.values) {
            if (!std::isfinite(value)) std::abort();
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::read_or_refuse([&] {
        const Model model = parse_model(std::as_bytes(std::span(data, size)), "fuzzed");
        try {
            expect_usable(model);
        } catch (const InputError& error) {
            std::fprintf(stderr, "a model that was read is refused: %s\n", error.what());
            std::abort();
        }
    });
    return 0;
}
