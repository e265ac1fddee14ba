#include "reference/picture_padding.h"

#include <utility>
#include <vector>

#include "catch.h"

using namespace shadenet;
using namespace shadenet::reference;

namespace {

/// One row of a single channel, continued.
std::vector<double> row_continued(std::vector<double> row, std::uint32_t margin, PicturePadding padding) {
    Tensor x({1, 1, 1, static_cast<std::uint32_t>(row.size())});
    x.values = std::move(row);
    const Tensor wide = continued(x, margin, padding);
    const auto first = wide.values.begin() + static_cast<std::ptrdiff_t>(margin * wide.shape.w);
    return {first, first + wide.shape.w};
}

}  // namespace

TEST_CASE("a picture is continued with its outermost pixels or mirrored") {
    using Row = std::vector<double>;
    CHECK(row_continued({1, 2, 3}, 2, PicturePadding::edge) == Row{1, 1, 1, 2, 3, 3, 3});
    CHECK(row_continued({1, 2, 3}, 2, PicturePadding::reflect) == Row{3, 2, 1, 2, 3, 2, 1});
    CHECK(row_continued({1, 2}, 3, PicturePadding::reflect) == Row{2, 1, 2, 1, 2, 1, 2, 1});
    CHECK(row_continued({7}, 2, PicturePadding::reflect) == Row{7, 7, 7, 7, 7});
}

TEST_CASE("rows are continued as columns are, and the middle is the picture") {
    Tensor x({2, 2, 3, 4});
    for (std::size_t i = 0; i < x.values.size(); ++i) x.values[i] = static_cast<double>(i);
    const Tensor wide = continued(x, 2, PicturePadding::reflect);
    CHECK(wide.shape == Shape{2, 2, 7, 8});
    CHECK(wide.at(1, 1, 0, 1) == x.at(1, 1, 2, 1));
    CHECK(wide.at(0, 1, 6, 7) == x.at(0, 1, 0, 1));
    CHECK(inner(wide, x.shape).values == x.values);
    const Tensor alone = surrounded(x, wide.shape);
    CHECK(alone.at(1, 0, 1, 2) == 0.0);
    CHECK(inner(alone, x.shape).values == x.values);
}
