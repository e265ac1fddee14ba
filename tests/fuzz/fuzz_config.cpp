// Any text as the config.json of a run.
#include "fuzz/fuzz.h"
#include "train/options/options.h"

namespace {

using namespace shadenet;

/// Options that were read can be written, and read again.
void expect_repeatable(const TrainOptions& options) {
    try {
        const std::string text = config_text(options, "a device");
        if (config_text(parse_config(text, "written"), "a device") != text) std::abort();
    } catch (const InputError& error) {
        std::fprintf(stderr, "options that were read are refused: %s\n", error.what());
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    fuzz::read_or_refuse([&] { expect_repeatable(parse_config(text, "fuzzed")); });
    return 0;
}
