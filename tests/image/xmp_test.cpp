// XMP of a result.
#include "catch.h"
#include "image/revision.h"
#include "round_trip.h"

namespace shadenet::test {

namespace {

using Notes = std::vector<std::string>;

const std::string rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// A packet with these attributes and elements of its description.
std::string packet_of(const std::string& attributes, const std::string& elements = "") {
    return "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
           "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"" +
           rdf +
           "\">\n  <rdf:Description rdf:about=\"\" xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\""
           " xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\""
           " xmlns:dc=\"http://purl.org/dc/elements/1.1/\" " +
           attributes + ">" + elements + "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>";
}

struct RevisedXmp {
    bool sound = false;
    std::string packet;
    Notes notes;
};

RevisedXmp revise_packet(const std::string& packet, int orientation = 6) {
    Revision revision{.width = 480, .height = 640, .orientation = orientation, .notes = {}};
    RevisedXmp result{.sound = false, .packet = packet, .notes = {}};
    result.sound = revise_xmp(result.packet, revision);
    result.notes = revision.notes;
    return result;
}

}  // namespace

TEST_CASE("XMP tells a result's size and that it is upright, as attributes and as elements") {
    const RevisedXmp attributes = revise_packet(packet_of(
        "tiff:Orientation=\"6\" tiff:ImageWidth=\"640\" exif:PixelYDimension=\"480\" dc:format=\"a\""));
    CHECK(attributes.sound);
    CHECK_THAT(attributes.packet, ContainsSubstring("tiff:Orientation=\"1\" tiff:ImageWidth=\"480\" "
                                                    "exif:PixelYDimension=\"640\" dc:format=\"a\""));
    CHECK_THAT(attributes.packet, ContainsSubstring("<?xpacket begin=\"\xef\xbb\xbf\" id="));
    CHECK_THAT(attributes.packet, ContainsSubstring("<?xpacket end=\"w\"?>"));
    const RevisedXmp elements = revise_packet(
        packet_of("",
                  "<tiff:Orientation>6</tiff:Orientation><tiff:ImageLength>480</tiff:ImageLength>"
                  "<exif:PixelXDimension>640</exif:PixelXDimension><dc:title>a &amp; b</dc:title>"));
    CHECK_THAT(
        elements.packet,
        ContainsSubstring("<tiff:Orientation>1</tiff:Orientation><tiff:ImageLength>640</tiff:ImageLength>"
                          "<exif:PixelXDimension>480</exif:PixelXDimension><dc:title>a &amp; b</dc:title>"));
    CHECK((attributes.notes.empty() && elements.notes.empty()));
}

TEST_CASE("a prefix is what its namespace makes of it") {
    const std::string packet =
        "<r:RDF xmlns:r=\"" + rdf +
        "\"><r:Description xmlns:t=\"http://ns.adobe.com/tiff/1.0/\" xmlns:tiff=\"http://example.org/\" "
        "t:ImageWidth=\"640\" tiff:ImageWidth=\"640\"/></r:RDF>";
    CHECK_THAT(revise_packet(packet).packet,
               ContainsSubstring("t:ImageWidth=\"480\" tiff:ImageWidth=\"640\""));
}

TEST_CASE("XMP in which all is right stays byte for byte") {
    for (const std::string& packet :
         {packet_of("tiff:Orientation='1'  tiff:ImageWidth=\"480\"", "\r\n <!-- a --> <dc:x>&#xe4;</dc:x>"),
          std::string("<x/>\0\0", 6)}) {
        const RevisedXmp result = revise_packet(packet);
        CHECK(result.sound);
        CHECK(result.packet == packet);
    }
}

TEST_CASE("sizes of other pictures, as those that this one was made of, stay") {
    const std::string packet =
        packet_of("", "<xmp:Pantry><rdf:Description tiff:ImageWidth=\"9\"/></xmp:Pantry>");
    CHECK(revise_packet(packet).packet == packet);
}

TEST_CASE("thumbnails in XMP go") {
    const std::string image = "<xmpGImg:image>AAAA</xmpGImg:image>";
    const std::string space = "xmlns:xmpGImg=\"http://ns.adobe.com/xap/1.0/g/img/\"";
    const RevisedXmp result =
        revise_packet(packet_of(space, "<xmp:Thumbnails><rdf:Alt><rdf:li>" + image +
                                           "</rdf:li></rdf:Alt></xmp:Thumbnails><dc:x>y</dc:x>"));
    CHECK(result.notes == Notes{"its thumbnail was left out"});
    CHECK_FALSE(result.packet.find("AAAA") != std::string::npos);
    CHECK_FALSE(result.packet.find("Thumbnails") != std::string::npos);
    CHECK_THAT(result.packet, ContainsSubstring("<dc:x>y</dc:x>"));
    const RevisedXmp deep =
        revise_packet(packet_of(space, "<dc:other><rdf:li>" + image + "</rdf:li></dc:other>"));
    CHECK_THAT(deep.packet, ContainsSubstring("<dc:other><rdf:li/></dc:other>") ||
                                ContainsSubstring("<dc:other><rdf:li /></dc:other>"));
}

TEST_CASE("what belongs to further pictures of the file goes") {
    const RevisedXmp result = revise_packet(
        packet_of("xmlns:GImage=\"http://ns.google.com/photos/1.0/image/\" GImage:Data=\"AAAA\" "
                  "xmlns:hdrgm=\"http://ns.adobe.com/hdr-gain-map/1.0/\" hdrgm:Version=\"1.0\" "
                  "xmlns:GCamera=\"http://ns.google.com/photos/1.0/camera/\" GCamera:MicroVideoOffset=\"9\" "
                  "GCamera:BurstID=\"b\""));
    CHECK(result.notes == Notes{"further pictures in its file were left out"});
    for (const char* gone : {"AAAA", "hdrgm:", "MicroVideo"}) {
        CHECK(result.packet.find(std::string(gone) + (gone[0] == 'h' ? "Version" : "")) == std::string::npos);
    }
    CHECK_THAT(result.packet, ContainsSubstring("GCamera:BurstID=\"b\""));
}

TEST_CASE("places of faces go where the picture was turned, and stay otherwise") {
    const std::string packet =
        packet_of("xmlns:mwg-rs=\"http://www.metadataworkinggroup.com/schemas/regions/\"",
                  "<mwg-rs:Regions>a</mwg-rs:Regions>");
    CHECK(revise_packet(packet, 1).packet == packet);
    const RevisedXmp turned = revise_packet(packet);
    CHECK(turned.packet.find("Regions>") == std::string::npos);
    CHECK(turned.notes == Notes{"places of faces and subjects were left out, since it was turned"});
}

TEST_CASE("XMP that cannot be parsed, or is nested to overflow a stack, is refused") {
    std::string deep;
    for (int i = 0; i < 100000; ++i) deep += "<a>";
    for (int i = 0; i < 100000; ++i) deep += "</a>";
    for (const std::string& bad :
         {std::string(), std::string("words"), std::string("<a>"), std::string("<a></b>"), deep}) {
        CHECK_FALSE(revise_packet(bad).sound);
    }
}

TEST_CASE("damaged XMP is left out with a note") {
    FilePicture picture{.colour = Picture8{1, 1, {1, 2, 3}}};
    picture.metadata.xmp = "<x";
    WriteOptions options;
    CHECK(notes_of_writing(picture, options) == Notes{"damaged XMP was left out"});
    CHECK(write_and_read(picture, options).metadata == Metadata{});
}

namespace {

/// A JPEG's further segments of XMP, each with so many bytes of it.
std::vector<std::vector<std::byte>> extension_of(const std::string& content, const std::string& digest,
                                                 std::size_t each) {
    std::vector<std::vector<std::byte>> segments;
    const auto big = [](std::size_t value) {
        return Bytes{static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
                     static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
    };
    for (std::size_t at = 0; at < content.size(); at += each) {
        Bytes segment = to_bytes(std::string("http://ns.adobe.com/xmp/extension/\0", 35) + digest);
        for (const Bytes& part : {big(content.size()), big(at), to_bytes(content.substr(at, each))}) {
            segment.insert(segment.end(), part.begin(), part.end());
        }
        segments.push_back(as_bytes(segment));
    }
    return segments;
}

Metadata with_extension(const std::string& content, const std::string& digest, std::size_t each) {
    Metadata metadata;
    metadata.xmp = packet_of("xmlns:xmpNote=\"http://ns.adobe.com/xmp/note/\" xmpNote:HasExtendedXMP=\"" +
                             digest + "\"");
    metadata.xmp_extensions = extension_of(content, digest, each);
    return metadata;
}

}  // namespace

TEST_CASE("XMP beyond a JPEG's first segment is revised as a whole, and gets its right digest") {
    const std::string image = "xmlns:GImage=\"http://ns.google.com/photos/1.0/image/\" GImage:Data=\"" +
                              std::string(200000, 'A') + "\"";
    const std::string old(32, '0');
    Metadata metadata = with_extension("<a><b " + image + " c=\"d\"/></a>", old, 60000);
    CHECK(metadata.xmp_extensions.size() == 4);
    Revision revision{.width = 480, .height = 640, .orientation = 1, .notes = {}};
    revise_xmp(metadata, revision);
    CHECK(revision.notes == Notes{"further pictures in its file were left out"});
    // MD5 of what follows, by another program.
    const std::string content = "<a><b xmlns:GImage=\"http://ns.google.com/photos/1.0/image/\" c=\"d\"/></a>";
    const std::string digest = "E8F62D642EEBEA655AA50182ED897F98";
    CHECK(metadata.xmp_extensions == extension_of(content, digest, 60000));
    CHECK_THAT(metadata.xmp, ContainsSubstring("HasExtendedXMP=\"" + digest + "\""));
}

TEST_CASE("XMP beyond a JPEG's first segment stays when all is right, and goes when a part is missing") {
    const std::string digest(32, '7');
    const Metadata before = with_extension("<a>" + std::string(1000, 'x') + "</a>", digest, 100);
    Revision revision{.width = 1, .height = 1, .orientation = 1, .notes = {}};
    Metadata metadata = before;
    revise_xmp(metadata, revision);
    CHECK(revision.notes.empty());
    CHECK_THAT(metadata.xmp, ContainsSubstring(digest));
    CHECK(metadata.xmp_extensions == extension_of("<a>" + std::string(1000, 'x') + "</a>", digest, 60000));
    metadata = before;
    metadata.xmp_extensions.erase(metadata.xmp_extensions.begin() + 4);
    revise_xmp(metadata, revision);
    CHECK(metadata.xmp_extensions.empty());
    CHECK(revision.notes == Notes{"damaged XMP was left out"});
}

}  // namespace shadenet::test
