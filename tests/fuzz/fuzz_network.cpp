// Any text as a network's.
#include "fuzz/fuzz.h"
#include "model/network_text.h"

namespace {

using namespace shadenet;

/// What the rest of the program relies on: a canonical text that says all, names that no two layers share,
/// and channels that fit.
void expect_whole(const Network& network) {
    const std::string text = to_text(network);
    const Network again = parse_network(text, "written");
    if (again != network || to_text(again) != text) std::abort();
    std::uint64_t values = 0;
    for (const TensorSpec& spec : tensor_specs(network)) values += spec.values();
    if (values > most_network_values || network.layers.size() > most_layers) std::abort();
    Shape shape = network.input;
    if (shape.h == 0) shape.h = shape.w = most_input_side;
    shape.n = 1;
    try {
        point_shapes(network, shape);
    } catch (const InputError& error) {
        // Of many strides and valid kernels even a large picture may leave nothing.
        if (network.input.h > 0 || std::string(error.what()).find("use larger images") == std::string::npos) {
            throw;
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    fuzz::read_or_refuse([&] {
        const Network network = parse_network(text, "fuzzed");
        try {
            expect_whole(network);
        } catch (const InputError& error) {
            std::fprintf(stderr, "a network that was read is refused: %s\n", error.what());
            std::abort();
        }
    });
    return 0;
}
