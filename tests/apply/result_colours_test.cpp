#include "apply/pipeline.h"
#include "image/colour_profile.h"
#include "image/made_icc.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

FilePicture picture_in(const IccBytes& icc) {
    FilePicture picture{.colour = Picture8{1, 1, {1, 2, 3}}};
    picture.metadata.icc = icc;
    return picture;
}

ProfileName profile_name(const IccBytes& icc) {
    const ColourProfile profile = colour_profile(picture_in(icc).metadata);
    return {profile.name, profile.id};
}

const IccBytes wide = wide_profile("Wide"),
               srgb = rgb_profile(description_tag("s"), srgb_primaries, srgb_curve_tag());

}  // namespace

TEST_CASE("a result keeps its picture's profile where the model learned within one, or does not know") {
    for (const ModelColours& model : {ModelColours{}, ModelColours{profile_name(wide), profile_name(wide)}}) {
        FilePicture picture = picture_in(wide);
        CHECK(give_colours(picture, model).empty());
        CHECK(picture.metadata.icc == wide);
    }
}

TEST_CASE("a result of a model that changes colours gets the profile of its targets") {
    FilePicture picture = picture_in(wide);
    CHECK(give_colours(picture, {profile_name(wide), profile_name(srgb), true, srgb}).empty());
    CHECK(picture.metadata.icc == srgb);
    picture = picture_in(wide);
    CHECK(give_colours(picture, {profile_name(wide), profile_name({}), true}).empty());
    CHECK(picture.metadata.icc.empty());
    CHECK(colour_profile(picture.metadata) == ColourProfile{});
    picture = picture_in({});
    CHECK(give_colours(picture, {profile_name({}), profile_name(wide), true, wide}).empty());
    CHECK(picture.metadata.icc == wide);
}

TEST_CASE("a picture in other colours than the model learned from is said") {
    FilePicture picture = picture_in(wide);
    CHECK(give_colours(picture, {profile_name({}), profile_name({})}) ==
          std::vector<std::string>{"its picture is in \"Wide\", and the model learned from pictures in sRGB: "
                                   "convert it to that first"});
    CHECK(picture.metadata.icc == wide);
    picture = picture_in({});
    CHECK(contains(give_colours(picture, {profile_name(wide), profile_name({}), true}).at(0),
                   "is in sRGB, and the model"));
}

TEST_CASE("a profile that the result cannot hold is said, and no wrong one is left") {
    FilePicture picture = picture_in(wide);
    picture.grey = true;
    CHECK(contains(give_colours(picture, {profile_name(wide), profile_name(srgb), true, srgb}).at(0),
                   "whose profile it cannot hold"));
    CHECK(picture.metadata.icc.empty());
    picture = picture_in({});
    CHECK(contains(give_colours(picture, {profile_name({}), profile_name(wide), true}).at(0),
                   "is in \"Wide\""));
}
