// What stands in a file beside its pixels, byte for byte, from format to format.
#include <algorithm>

#include "catch.h"
#include "round_trip.h"

namespace shadenet::test {

namespace {

std::vector<std::byte> scattered_bytes(std::size_t count) {
    return as_bytes(scattered(count, 99));
}

FilePicture bare() {
    return {.colour = Picture8{1, 1, {1, 2, 3}}};
}

FilePicture with_everything() {
    FilePicture picture = bare();
    picture.metadata = {.icc = scattered_bytes(1000),
                        .icc_name = "a profile",
                        .exif = as_bytes(encode_exif(1, false)),
                        .xmp = "<x:xmpmeta>\xc3\xa4</x:xmpmeta>",
                        .density = Density{Density::Unit::metre, 2835, 5669},
                        .texts = {{"Comment", "plain \xe4 Latin-1\ttab"},
                                  {"Title", std::string(5000, 'x')},
                                  {"Title", "\xe2\x82\xac", "de", "Titel", true}},
                        .png_colour = {{{'g', 'A', 'M', 'A'}, as_bytes({0, 0, 0xb1, 0x8f})},
                                       {{'s', 'R', 'G', 'B'}, as_bytes({1})}}};
    return picture;
}

Metadata through(const FilePicture& picture, FileFormat format) {
    return write_and_read(picture, format).metadata;
}

using Notes = std::vector<std::string>;

WriteOptions as_format(FileFormat format) {
    WriteOptions options;
    options.format = format;
    return options;
}

Bytes named(const std::string& name, const Bytes& rest) {
    Bytes payload = to_bytes(name);
    payload.insert(payload.end(), rest.begin(), rest.end());
    return payload;
}

}  // namespace

TEST_CASE("a PNG keeps everything") {
    const FilePicture picture = with_everything();
    CHECK(through(picture, FileFormat::png) == picture.metadata);
    CHECK(notes_of_writing(picture, as_format(FileFormat::png)).empty());
}

TEST_CASE("a JPEG keeps everything, a large profile in parts") {
    FilePicture picture = bare();
    Metadata& metadata = picture.metadata;
    metadata.icc = scattered_bytes(200000);
    metadata.exif = as_bytes(encode_exif(1, true));
    metadata.xmp = "<x:xmpmeta/>";
    const std::string digest_and_places = std::string(32, '5') + std::string("\0\0\0\4\0\0\0\0", 8);
    metadata.xmp_extensions = {as_bytes(named(std::string("http://ns.adobe.com/xmp/extension/\0", 35),
                                              to_bytes(digest_and_places + "<a/>")))};
    const std::string resource("Photoshop 3.0\08BIM\4\4\0\0\0\1\x86\xa0", 26);
    metadata.iptc = as_bytes(named(resource, scattered(100000)));
    metadata.density = Density{Density::Unit::inch, 72, 300};
    metadata.texts = {{"Comment", std::string("ASCII and a zero\0", 17)},
                      {.keyword = "Comment", .text = "\xe2\x82\xac", .international = true}};
    CHECK(through(picture, FileFormat::jpeg) == metadata);
    CHECK(notes_of_writing(picture, as_format(FileFormat::jpeg)).empty());
}

TEST_CASE("from PNG to JPEG and back") {
    const FilePicture picture = with_everything();
    const Metadata jpeg = through(picture, FileFormat::jpeg);
    CHECK(jpeg.icc == picture.metadata.icc);
    CHECK(jpeg.exif == picture.metadata.exif);
    CHECK(jpeg.xmp == picture.metadata.xmp);
    CHECK(jpeg.density == Density{Density::Unit::inch, 72, 144});
    REQUIRE(jpeg.texts.size() == 3);
    CHECK(jpeg.texts[0].text == picture.metadata.texts[0].text);
    CHECK(jpeg.texts[1].text == "Title: " + picture.metadata.texts[1].text);
    FilePicture back = bare();
    back.metadata = jpeg;
    const Metadata png = through(back, FileFormat::png);
    CHECK(png.icc == picture.metadata.icc);
    CHECK(png.exif == picture.metadata.exif);
    CHECK(png.xmp == picture.metadata.xmp);
    CHECK(png.density == picture.metadata.density);
    CHECK(png.texts == jpeg.texts);
}

TEST_CASE("densities are converted, and those that cannot be are left out") {
    FilePicture picture = bare();
    const auto density = [&](Density::Unit unit, double x, double y, FileFormat format) {
        picture.metadata.density = Density{unit, x, y};
        return through(picture, format).density;
    };
    CHECK(density(Density::Unit::centimetre, 100, 50, FileFormat::png) ==
          Density{Density::Unit::metre, 10000, 5000});
    CHECK(density(Density::Unit::centimetre, 100, 50, FileFormat::jpeg) ==
          Density{Density::Unit::centimetre, 100, 50});
    CHECK(density(Density::Unit::none, 4, 3, FileFormat::png) == Density{Density::Unit::none, 4, 3});
    CHECK(density(Density::Unit::none, 400000, 300000, FileFormat::jpeg) ==
          Density{Density::Unit::none, 65535, 49151});
    CHECK(density(Density::Unit::metre, 4e6, 4e6, FileFormat::jpeg) == std::nullopt);
    CHECK(density(Density::Unit::inch, 1e9, 1, FileFormat::png) == std::nullopt);
    CHECK(density(Density::Unit::inch, 0, -1, FileFormat::png) == std::nullopt);
    for (const auto& [format, name] : {std::pair{FileFormat::png, "PNG"}, {FileFormat::jpeg, "JPEG"}}) {
        INFO(name);
        picture.metadata.density = Density{Density::Unit::inch, 1e9, 1};
        CHECK(notes_of_writing(picture, as_format(format)) ==
              Notes{std::string("a resolution that a ") + name + " cannot hold was left out"});
        picture.metadata.density->x = 1;
        CHECK(notes_of_writing(picture, as_format(format)).empty());
    }
}

TEST_CASE("what a format cannot hold is left out with a note") {
    FilePicture picture = bare();
    picture.metadata.exif = as_bytes(encode_exif(1, true));
    picture.metadata.exif.resize(65528, std::byte{7});
    picture.metadata.xmp = "<x>" + std::string(65498, 'x') + "</x>";
    CHECK(notes_of_writing(picture, as_format(FileFormat::jpeg)) ==
          std::vector<std::string>{"EXIF was left out: a JPEG holds no more than 64 KiB",
                                   "XMP was left out: a JPEG holds no more than 64 KiB"});
    CHECK(through(picture, FileFormat::jpeg).exif.empty());
    CHECK(through(picture, FileFormat::png) == picture.metadata);
    picture.metadata.exif.pop_back();
    picture.metadata.xmp.erase(5, 1);
    CHECK(through(picture, FileFormat::jpeg) == picture.metadata);
    FilePicture odd = bare();
    odd.metadata.texts = {{std::string(80, 'k'), "text"}, {"", "text"}, {"Zero", std::string("a\0b", 3)}};
    CHECK(notes_of_writing(odd, as_format(FileFormat::png)).size() == 1);
    CHECK(through(odd, FileFormat::png).texts.empty());
}

TEST_CASE("BMP and TGA say what of everything they leave out, and nothing else") {
    FilePicture picture = with_everything();
    picture.metadata.iptc = scattered_bytes(10);
    CHECK(notes_of_writing(picture, as_format(FileFormat::bmp)) ==
          Notes{"left out, since a BMP has no place for it: profile, EXIF, IPTC, XMP, texts"});
    CHECK(notes_of_writing(picture, as_format(FileFormat::tga)) ==
          Notes{"left out, since a TGA has no place for it: profile, EXIF, IPTC, XMP, texts, resolution"});
    picture.metadata = {.xmp_extensions = {scattered_bytes(10)},
                        .density = Density{Density::Unit::none, 2, 3}};
    picture.metadata.png_colour = {{{'g', 'A', 'M', 'A'}, as_bytes({0, 0, 0, 1})}};
    CHECK(notes_of_writing(picture, as_format(FileFormat::bmp)) ==
          Notes{"left out, since a BMP has no place for it: colour space, XMP, resolution"});
    picture.metadata = {.density = Density{}};
    CHECK(notes_of_writing(picture, as_format(FileFormat::tga)).empty());
}

TEST_CASE("a BMP keeps its resolution") {
    FilePicture picture = bare();
    picture.metadata.density = Density{Density::Unit::metre, 2835, 0x7fffffff};
    CHECK(through(picture, FileFormat::bmp) == picture.metadata);
    picture.alpha = {7};  // in a longer header
    CHECK(through(picture, FileFormat::bmp) == picture.metadata);
    CHECK(write_and_read(picture, FileFormat::bmp).alpha == picture.alpha);
    CHECK(through(picture, FileFormat::tga) == Metadata{});
    picture.metadata.density = Density{Density::Unit::inch, 100, 200};
    CHECK(through(picture, FileFormat::bmp).density == Density{Density::Unit::metre, 3937, 7874});
    picture.metadata.density = Density{Density::Unit::none, 100, 200};
    CHECK(through(picture, FileFormat::bmp) == Metadata{});
    Bytes negative = encode_bmp(1, 1, {1, 2, 3});
    negative[38] = 1;
    negative[42] = 1;
    CHECK(decode(negative, "cat.bmp").metadata.density == Density{Density::Unit::metre, 1, 1});
    negative[41] = 0x80;
    CHECK(decode(negative, "cat.bmp").metadata == Metadata{});
}

TEST_CASE("a PNG's colour space is missed in a JPEG where nothing else says it") {
    const auto chunk = [](const std::string& type) {
        PngColourChunk result{.data = as_bytes({0, 0, 0xb1, 0x8f})};
        std::copy_n(type.begin(), 4, result.type.begin());
        return result;
    };
    const Notes note = {"the colour space was left out: a JPEG says it by a profile alone"};
    FilePicture picture = bare();
    auto& colour = picture.metadata.png_colour;
    const auto notes = [&] { return notes_of_writing(picture, as_format(FileFormat::jpeg)); };
    for (const char* type : {"gAMA", "cHRM", "cICP", "mDCV", "cLLI"}) {
        INFO(type);
        colour = {chunk(type)};
        CHECK(notes() == note);
    }
    colour = {chunk("sRGB")};
    CHECK(notes().empty());
    colour = {chunk("gAMA"), chunk("cHRM"), chunk("sRGB")};
    CHECK(notes().empty());
    colour.push_back(chunk("cICP"));
    CHECK(notes() == note);
    colour = {chunk("gAMA")};
    picture.metadata.icc = scattered_bytes(9);
    CHECK(notes().empty());
}

TEST_CASE("a palette that a format does not have becomes true colours with a note") {
    FilePicture picture = bare();
    picture.palette = true;
    for (const FileFormat format : {FileFormat::bmp, FileFormat::tga}) {
        CHECK(notes_of_writing(picture, as_format(format)) == Notes{"the palette became true colours"});
    }
    CHECK(notes_of_writing(picture, as_format(FileFormat::png)).empty());
    CHECK(notes_of_writing(picture, as_format(FileFormat::jpeg)).empty());
}

TEST_CASE("what a PNG's compressed texts make together is limited") {
    const std::size_t half = (std::size_t{1} << 25) - 50000;
    FilePicture picture = bare();
    picture.metadata.icc = scattered_bytes(80000);
    picture.metadata.texts = {{"First", std::string(half, 'x')},
                              {"Second", std::string(half, 'y')},
                              {"Third", std::string(30000, 'z')},
                              {"Plain", "not compressed"}};
    const Metadata back = through(picture, FileFormat::png);
    CHECK(back.icc == picture.metadata.icc);
    REQUIRE(back.texts.size() == 3);
    CHECK((back.texts[0] == picture.metadata.texts[0] && back.texts[1] == picture.metadata.texts[1]));
    CHECK(back.texts[2] == picture.metadata.texts[3]);
}

TEST_CASE("IPTC becomes a text of a PNG") {
    FilePicture picture = bare();
    Bytes content = to_bytes(std::string("8BIM\4\4\0\0\0\0\0\x1c", 12));
    content.resize(40, 0xaf);
    picture.metadata.iptc = as_bytes(named(std::string("Photoshop 3.0\0", 14), content));
    const Metadata png = through(picture, FileFormat::png);
    REQUIRE(png.texts.size() == 1);
    CHECK(png.texts[0].keyword == "Raw profile type iptc");
    std::string digits = "3842494d040400000000001c";
    for (int i = 0; i < 24; ++i) digits += "af";
    CHECK(png.texts[0].text == "\niptc\n      40\n" + digits + "\nafafafaf\n");
}

TEST_CASE("compressed texts and profiles of a PNG are read") {
    Bytes text = to_bytes(std::string("Key\0\0", 5)), profile = to_bytes(std::string("name\0\0", 6));
    const Bytes content = scattered(3000), stream = store(content);
    text.insert(text.end(), stream.begin(), stream.end());
    profile.insert(profile.end(), stream.begin(), stream.end());
    const Bytes plain = encode_png(1, 1, PngColour::rgb, 8, {1, 2, 3});
    const Metadata metadata = decode(with_chunk(with_chunk(plain, "zTXt", text), "iCCP", profile)).metadata;
    CHECK(metadata.icc == as_bytes(content));
    CHECK(metadata.icc_name == "name");
    REQUIRE(metadata.texts.size() == 1);
    CHECK(metadata.texts[0].text == std::string(content.begin(), content.end()));
}

TEST_CASE("chunks beside the pixels that are damaged are left out, which is said") {
    const Bytes plain = encode_png(1, 1, PngColour::rgb, 8, {1, 2, 3});
    struct Damaged {
        const char* type;
        Bytes data;
        const char* loss;
    };
    const Damaged bad[] = {
        {"iCCP", {'n', 0, 0, 1, 2, 3}, "a colour profile that is damaged or too large was left out"},
        {"iCCP", {'n'}, "a colour profile that is damaged or too large was left out"},
        {"zTXt", {'k', 0, 0, 9}, "a text that is damaged or too large was left out"},
        {"iTXt", {'k', 0, 1, 0, 0, 0}, "a text that is damaged or too large was left out"},
        {"iTXt", {'k', 0, 0}, "a text that is damaged or too large was left out"},
        {"tEXt", {'k'}, "a text that is damaged or too large was left out"},
        {"pHYs", {1, 2}, "a damaged resolution was left out"},
        {"pHYs", Bytes(9), "a damaged resolution was left out"},
        {"gAMA", {1}, "what it says of its colours by gAMA, which is damaged, was left out"},
        {"tRNS", {1}, "damaged transparency was left out"},
        {"PLTE", {1}, ""},
        {"bKGD", {1}, ""}};
    for (const auto& [type, data, loss] : bad) {
        INFO(type << " of " << data.size() << " bytes");
        // Twice, and said once.
        const FilePicture picture = decode(with_chunk(with_chunk(plain, type, data), type, data));
        CHECK(rgb8(picture) == Bytes{1, 2, 3});
        CHECK(picture.alpha.empty());
        CHECK(picture.metadata == Metadata{});
        CHECK(picture.losses ==
              (*loss == '\0' ? std::vector<std::string>{} : std::vector<std::string>{loss}));
    }
    const std::pair<Bytes, const char*> sound[] = {
        {with_chunk(plain, "tEXt", to_bytes(std::string("Key\0text", 8))),
         "a text that is damaged or too large was left out"},
        {with_chunk(plain, "gAMA", {0, 0, 177, 143}),
         "what it says of its colours by gAMA, which is damaged, was left out"},
        {with_chunk(plain, "eXIf", encode_exif(1, false)), "damaged EXIF was left out"}};
    for (const auto& [file, loss] : sound) {
        CHECK(decode(file).losses.empty());
        CHECK(decode(file).metadata != Metadata{});
        Bytes wrong = file;
        wrong[33 + 8 + 3] ^= 1;  // of the chunk behind the header, so that its checksum is wrong
        CHECK(decode(wrong).metadata == Metadata{});
        CHECK(decode(wrong).losses == std::vector<std::string>{loss});
    }
}

TEST_CASE("the colour that a PNG wants behind its holes is left out, which is said where it has some") {
    const Bytes background = {0, 9, 0, 8, 0, 7};
    CHECK(decode(with_chunk(encode_png(1, 1, PngColour::rgb, 8, {1, 2, 3}), "bKGD", background))
              .losses.empty());
    const Bytes holes = encode_png(1, 1, PngColour::rgb_alpha, 8, {1, 2, 3, 4});
    CHECK(decode(holes).losses.empty());
    CHECK(decode(with_chunk(holes, "bKGD", background)).losses ==
          std::vector<std::string>{"the colour to show behind it was left out"});
}

TEST_CASE("a JPEG's profile with a part missing is left out, which is said") {
    const Bytes plain = encode_jpeg(8, 8, {128});
    const Bytes second = named(std::string("ICC_PROFILE\0", 12), {2, 2, 9});
    const Bytes first = named(std::string("ICC_PROFILE\0", 12), {1, 2, 8});
    const FilePicture part = decode(with_segment(plain, 0xe2, second));
    CHECK(part.metadata == Metadata{});
    CHECK(part.losses == std::vector<std::string>{"a damaged colour profile was left out"});
    const FilePicture whole = decode(with_segment(with_segment(plain, 0xe2, first), 0xe2, second));
    CHECK(whole.metadata.icc == as_bytes({8, 9}));
    CHECK(whole.losses.empty());
}

TEST_CASE("EXIF is its first, and a JPEG's comments are all of them") {
    Bytes jpeg = encode_jpeg(8, 8, {128});
    for (const char* comment : {"second", "first"}) jpeg = with_segment(jpeg, 0xfe, to_bytes(comment));
    const Metadata metadata = decode(jpeg).metadata;
    REQUIRE(metadata.texts.size() == 2);
    CHECK(metadata.texts[0].text == "first");
    CHECK(metadata.texts[1].text == "second");
    CHECK(!metadata.texts[0].international);
}

}  // namespace shadenet::test
