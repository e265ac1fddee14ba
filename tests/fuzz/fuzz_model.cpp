// Any bytes as a model file: ours, one of PyTorch's, or none.
#include <cmath>
#include <span>

#include "fuzz/fuzz.h"
#include "model/model_file.h"
#include "model/network_text.h"

namespace {

using namespace shadenet;

void expect_usable(const Network& network, const Parameters& parameters) {
    for (const TensorSpec& spec : tensor_specs(network)) {
        const NamedTensor& tensor = parameters.at(spec.name);
        if (tensor.shape != spec.shape || tensor.values.size() != spec.values()) std::abort();
        for (const float value : tensor.values) {
            if (!std::isfinite(value)) std::abort();
        }
    }
}

/// A network that was read can be written, and read again.
void expect_repeatable(const Network& network) {
    if (parse_network(to_text(network), "written") != network) std::abort();
}

/// What the rest of the program relies on.
void expect_usable(const Model& model) {
    expect_repeatable(model.network);
    for (const std::string& note : model.notes) fuzz::expect_one_line(note);
    expect_usable(model.network, model.parameters);
    for (const NamedStatistics& set : model.sets) {
        require_set_name(set.name);
        expect_usable(model.network, with_statistics(model.parameters, set));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::read_or_refuse([&] {
        const Model model =
            model_from(parse_safetensors(std::as_bytes(std::span(data, size)), "fuzzed"), "fuzzed");
        try {
            expect_usable(model);
        } catch (const InputError& error) {
            std::fprintf(stderr, "a model that was read is refused: %s\n", error.what());
            std::abort();
        }
    });
    return 0;
}
