#include "base/words.h"

#include <stdexcept>
#include <string>

#include "catch.h"

using shadenet::words_of;

namespace {

enum class Season { spring, summer, autumn };

constexpr auto seasons = words_of<Season>("spring", "summer", "autumn");

}  // namespace

TEST_CASE("every value of an enum has its word, and every word its value") {
    static_assert(seasons.words.size() == 3);
    for (const Season season : {Season::spring, Season::summer, Season::autumn}) {
        CHECK(seasons.value(seasons[season]) == season);
    }
    CHECK(std::string(seasons[Season::autumn]) == "autumn");
    CHECK(seasons.choices() == "spring, summer or autumn");
}

TEST_CASE("what is no word has no value, and what is no value has no word") {
    CHECK_FALSE(seasons.value("winter"));
    CHECK_FALSE(seasons.value(""));
    CHECK_FALSE(seasons.value("summe"));
    CHECK_THROWS_AS(seasons[static_cast<Season>(3)], std::out_of_range);
}
