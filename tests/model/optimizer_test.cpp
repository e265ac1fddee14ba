#include "model/optimizer.h"

#include <fmt/format.h>

#include "catch.h"
#include "model/model_test_tools.h"

namespace shadenet {

TEST_CASE("optimizers have names") {
    for (const char* text : {"adam", "amsgrad", "momentum", "sgd"})
        CHECK(to_string(optimizer_kind(text)) == text);
    for (const std::string text : {"", "Adam", "sgd ", "rmsprop"}) {
        const std::string message = test::refusal([&] { optimizer_kind(text); });
        CHECK(test::contains(message, fmt::format("\"{}\"", text)));
        CHECK(test::contains(message, "adam, amsgrad, momentum or sgd"));
    }
}

}  // namespace shadenet
