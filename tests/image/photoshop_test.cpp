// Photoshop's resources of a result, and IPTC among them.
#include "catch.h"
#include "image/revision.h"
#include "round_trip.h"

namespace shadenet::test {

namespace {

using Notes = std::vector<std::string>;

/// One resource with its padding.
Bytes resource_of(unsigned id, const Bytes& data, const std::string& name = "") {
    Bytes result = to_bytes("8BIM");
    result.insert(result.end(), {static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id),
                                 static_cast<std::uint8_t>(name.size())});
    result.insert(result.end(), name.begin(), name.end());
    if (name.size() % 2 == 0) result.push_back(0);
    const auto bytes = static_cast<std::uint32_t>(data.size());
    for (const unsigned shift : {24u, 16u, 8u, 0u})
        result.push_back(static_cast<std::uint8_t>(bytes >> shift));
    result.insert(result.end(), data.begin(), data.end());
    if (data.size() % 2 != 0) result.push_back(0);
    return result;
}

Bytes joined(const std::vector<Bytes>& parts) {
    Bytes result;
    for (const Bytes& part : parts) result.insert(result.end(), part.begin(), part.end());
    return result;
}

Bytes dataset(std::uint8_t record, std::uint8_t number, const Bytes& data) {
    return joined({{0x1c, record, number, 0, static_cast<std::uint8_t>(data.size())}, data});
}

struct RevisedResources {
    std::vector<std::byte> bytes;
    Notes notes;
};

RevisedResources revise_resources(const Bytes& list, int orientation = 1) {
    Revision revision{.width = 480, .height = 640, .orientation = orientation, .notes = {}};
    RevisedResources result{as_bytes(list), {}};
    revise_photoshop(result.bytes, revision);
    result.notes = revision.notes;
    return result;
}

const Notes thumbnail_gone = {"its thumbnail was left out"};

}  // namespace

TEST_CASE("Photoshop's thumbnails go, and other resources stay byte for byte") {
    const Bytes first = resource_of(1005, scattered(16)), last = resource_of(1044, {1, 2, 3}, "a name");
    for (const unsigned id : {1033u, 1036u}) {
        const RevisedResources result =
            revise_resources(joined({first, resource_of(id, scattered(301)), last}));
        CHECK(result.bytes == as_bytes(joined({first, last})));
        CHECK(result.notes == thumbnail_gone);
    }
    const RevisedResources none = revise_resources(joined({first, last}));
    CHECK(none.bytes == as_bytes(joined({first, last})));
    CHECK(none.notes.empty());
}

TEST_CASE("IPTC's preview goes, with the digest of what IPTC was, and its shape is made right") {
    const Bytes caption = dataset(2, 120, to_bytes("a caption")), digest = resource_of(1061, scattered(16));
    const Bytes iptc =
        joined({caption, dataset(2, 131, {'L'}), dataset(2, 200, {0, 1}), dataset(2, 202, scattered(99))});
    const RevisedResources result = revise_resources(joined({resource_of(1028, iptc), digest}));
    CHECK(result.bytes == as_bytes(resource_of(1028, joined({caption, dataset(2, 131, {'P'})}))));
    CHECK(result.notes == thumbnail_gone);
    const RevisedResources before = revise_resources(joined({digest, resource_of(1028, iptc)}));
    CHECK(before.bytes == result.bytes);
    const Bytes same = joined({resource_of(1028, caption), digest});
    CHECK(revise_resources(same).bytes == as_bytes(same));
}

TEST_CASE("resolutions across and down change places where the picture lies on its side") {
    const Bytes across = scattered(8), down = {0, 72, 0, 0, 0, 1, 0, 1};
    const Bytes list = resource_of(1005, joined({across, down}));
    for (const int upright : {1, 3}) CHECK(revise_resources(list, upright).bytes == as_bytes(list));
    for (const int sideways : {5, 6, 8}) {
        CHECK(revise_resources(list, sideways).bytes == as_bytes(resource_of(1005, joined({down, across}))));
    }
    const Bytes cut = resource_of(1005, across);
    CHECK(revise_resources(cut, 6).bytes == as_bytes(cut));
}

TEST_CASE("EXIF and XMP among Photoshop's resources are made right") {
    const RevisedResources exif = revise_resources(resource_of(1058, encode_exif(6, true)));
    CHECK(exif.bytes == as_bytes(resource_of(1058, encode_exif(1, true))));
    const std::string xmp = "<a xmlns:g=\"http://ns.adobe.com/xap/1.0/g/img/\"><g:image>A</g:image></a>";
    const RevisedResources packet = revise_resources(resource_of(1060, to_bytes(xmp)));
    CHECK(packet.notes == thumbnail_gone);
    CHECK(packet.bytes.size() < xmp.size());
    for (const auto& [id, note] :
         {std::pair{1058u, "damaged EXIF was left out"}, {1060u, "damaged XMP was left out"}}) {
        const RevisedResources bad = revise_resources(resource_of(id, to_bytes("words")));
        CHECK(bad.bytes.empty());
        CHECK(bad.notes == Notes{note});
    }
}

TEST_CASE("paths go where the picture was turned, and stay otherwise") {
    const Bytes path = resource_of(2000, scattered(52));
    CHECK(revise_resources(path).bytes == as_bytes(path));
    CHECK(revise_resources(path, 6).bytes.empty());
    CHECK(revise_resources(path, 6).notes.size() == 1);
}

TEST_CASE("damaged resources are left out with those behind them, and the ones before stay") {
    const Bytes good = resource_of(1005, scattered(16)),
                list = joined({good, resource_of(1044, {1, 2, 3, 4})});
    for (std::size_t size = good.size() + 1; size < list.size(); ++size) {
        const RevisedResources result =
            revise_resources(Bytes(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(size)));
        CHECK(result.bytes == as_bytes(good));
        CHECK(result.notes == Notes{"damaged resources of Photoshop were left out"});
    }
    CHECK(revise_resources(joined({good, Bytes(5)})).notes.empty());  // mere padding
    const Bytes unpadded = resource_of(1044, {1, 2, 3});
    CHECK(revise_resources(Bytes(unpadded.begin(), unpadded.end() - 1)).notes.empty());
}

TEST_CASE("no change of a byte of IPTC does harm") {
    const Bytes iptc = joined({dataset(2, 120, to_bytes("words")), dataset(2, 202, {1, 2})});
    for (std::size_t at = 0; at < iptc.size(); ++at) {
        for (const std::uint8_t value : {std::uint8_t{0}, std::uint8_t{0x80}, std::uint8_t{0xff}}) {
            Bytes bad = iptc;
            bad[at] = value;
            std::vector<std::byte> bytes = as_bytes(bad);
            Revision revision{.width = 1, .height = 1, .orientation = 1, .notes = {}};
            revise_iptc(bytes, revision);
            CHECK(bytes.size() <= bad.size());
        }
    }
}

}  // namespace shadenet::test
