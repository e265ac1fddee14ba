#include "study/grid.h"

#include "base/error.h"
#include "catch.h"

using namespace shadenet;

namespace {

std::vector<std::string> labels_of(const Grid& grid) {
    std::vector<std::string> labels;
    for (const Settings& settings : grid.variants) labels.push_back(label_of(settings));
    return labels;
}

using Labels = std::vector<std::string>;

}  // namespace

TEST_CASE("a variation is an option with its values") {
    const Variation variation = parse_variation("lr=0.1,1e-3");
    CHECK(variation.option == "lr");
    CHECK(variation.values == Labels{"0.1", "1e-3"});
    CHECK(parse_variation("no-center=yes").values == Labels{"yes"});
    CHECK(parse_variation("weights=he,truncated:0.01").values == Labels{"he", "truncated:0.01"});
}

TEST_CASE("what is no variation is refused, and so is what a folder could not be named by") {
    for (const char* text : {"", "norm", "=none", "norm=", "norm=none,", "norm=none,none", "--norm=none",
                             "norm=a/b", "no rm=none", "norm=..=", "norm=a\nb", "n/m=a"}) {
        INFO(text);
        CHECK_THROWS_AS(parse_variation(text), InputError);
    }
}

TEST_CASE("variations are crossed, the last one fastest") {
    Grid grid;
    vary(grid, parse_variation("norm=none,before"));
    vary(grid, parse_variation("lr=1,2"));
    CHECK(labels_of(grid) ==
          Labels{"norm=none,lr=1", "norm=none,lr=2", "norm=before,lr=1", "norm=before,lr=2"});
}

TEST_CASE("nothing varied is one variant") {
    CHECK(labels_of({}) == Labels{"as given"});
}

TEST_CASE("a ready-made study is a list of variants, and no product") {
    CHECK(labels_of(ready_made("optimizer")) ==
          Labels{"norm=none,optimizer=adam", "norm=before,optimizer=adam", "norm=before,optimizer=amsgrad"});
    CHECK(labels_of(ready_made("decay")) == Labels{"decay=0.9", "decay=0.99", "decay=0.999"});
    CHECK(labels_of(ready_made("batch")) == Labels{"batch=1", "batch=2", "batch=all"});
    const Grid placement = ready_made("placement");
    CHECK(labels_of(placement) == Labels{"norm=none", "norm=before", "norm=after"});
    CHECK(placement.standard == Settings{{"activation", "relu"}});
    CHECK_THROWS_AS(ready_made("paint"), InputError);
}

TEST_CASE("a variation takes the place of what a ready-made study has of its option") {
    Grid grid = ready_made("optimizer");
    vary(grid, parse_variation("norm=after,none"));
    CHECK(labels_of(grid) == Labels{"optimizer=adam,norm=after", "optimizer=adam,norm=none",
                                    "optimizer=amsgrad,norm=after", "optimizer=amsgrad,norm=none"});
    Grid placement = ready_made("placement");
    leave_out(placement, "activation");
    CHECK(placement.standard.empty());
    leave_out(placement, "norm");
    CHECK(labels_of(placement) == Labels{"as given"});
}

TEST_CASE("a grid that is too large is refused before it is made") {
    Grid grid;
    Variation many{"a", {}};
    for (int i = 0; i < 100; ++i) many.values.push_back(std::to_string(i));
    vary(grid, many);
    vary(grid, {"b", {"1", "2"}});
    CHECK(grid.variants.size() == most_variants);
    CHECK_THROWS_AS(vary(grid, {"c", {"1", "2"}}), InputError);
}
