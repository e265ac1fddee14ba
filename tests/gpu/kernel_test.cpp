#include "base/error.h"
#include "base/file.h"
#include "column_sum_push.h"
#include "device_fixture.h"
#include "gpu/shader_source.h"
#include "gpu_test_tools.h"

using namespace shadenet;

namespace {

/// What making stack_add with other beliefs about it says.
std::string complaint(const Device& device, const char* shader, std::initializer_list<const char*> bindings,
                      std::initializer_list<Constant> constants, std::uint32_t push_bytes) {
    try {
        const AnyKernel kernel(device, shader, bindings, constants, push_bytes);
    } catch (const WorkError& error) {
        return error.what();
    }
    return "no complaint";
}

constexpr std::uint32_t push_bytes = sizeof(push::StackAddPush);

void write_words(const std::filesystem::path& path, std::span<const std::uint32_t> words) {
    write_file_atomically(path, std::as_bytes(words));
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "kernel: knows itself from its shader") {
    const Adder adder(device);
    const Reflection& reflection = adder.kernel().reflection();
    CHECK(adder.kernel().name() == "stack_add");
    CHECK(reflection.push_bytes == push_bytes);
    REQUIRE(reflection.bindings.size() == 5);  // two of them views of x and other
    CHECK(reflection.bindings[0].name == "x");
    CHECK(reflection.bindings[2].name == "y");
    CHECK_FALSE(reflection.bindings[0].written);
    CHECK(reflection.bindings[2].written);
    CHECK(reflection.local_size[0] * reflection.local_size[1] * reflection.local_size[2] <= 128);
    CHECK(reflection.bindings[3].kind == BindingKind::quad_texels);
    const AnyKernel texels(device, "stack_add", {"x", "other", "y"}, {{"TEXELS", 1}}, push_bytes);
    CHECK(texels.name() == "stack_add TEXELS=1");
}

TEST_CASE_METHOD(DeviceFixture, "kernel: a host that disagrees with its shader is told so, by name") {
    const auto fails = [&](const char* what, std::initializer_list<const char*> bindings,
                           std::initializer_list<Constant> constants, std::uint32_t bytes) {
        CHECK_THAT(complaint(device, "stack_add", bindings, constants, bytes),
                   ContainsSubstring("stack_add") && ContainsSubstring(what));
    };
    CHECK(complaint(device, "stack_add", {"other", "y", "x"}, {}, push_bytes) == "no complaint");
    fails("push constants", {"x", "other", "y"}, {}, push_bytes + 4);
    fails("push constants", {"x", "other", "y"}, {}, 0);
    fails("2", {"x", "y"}, {}, push_bytes);
    fails("4", {"x", "other", "y", "z"}, {}, push_bytes);
    fails("z", {"x", "other", "z"}, {}, push_bytes);
    fails("KIND", {"x", "other", "y"}, {{"KIND", 1}}, push_bytes);
    CHECK_THROWS_AS(Kernel<push::ColumnSumPush>(device, "stack_add", {"x", "other", "y"}), WorkError);
    CHECK_THAT(complaint(device, "no_such_shader", {}, {}, 0), ContainsSubstring("no_such_shader"));
}

TEST_CASE_METHOD(DeviceFixture,
                 "kernel: those of one shader with the same constants share a pipeline, later ones too") {
    const auto kernel = [&](const Device& of, std::uint32_t local_size) {
        return AnyKernel(of, "stack_add", {"x", "other", "y"}, {{local_size_constant, local_size}},
                         push_bytes);
    };
    const VkPipeline first = kernel(device, 32).pipeline();  // the kernel itself is gone
    const AnyKernel again = kernel(device, 32), other = kernel(device, 16);
    CHECK(again.pipeline() == first);
    CHECK(other.pipeline() != first);
    CHECK(again.reflection().local_size[0] == 32);
    CHECK(other.reflection().local_size[0] == 16);
    CHECK_THROWS_AS(AnyKernel(device, "stack_add", {"x", "y"}, {}, push_bytes), WorkError);
    CHECK(kernel(*Device::open(), 32).reflection().local_size[0] == 32);  // another device has its own
}

TEST_CASE("kernel: pipelines that nobody uses go where there are many, the oldest first") {
    KeptPipelines pipelines(3);
    std::string made;
    const auto get = [&](const std::string& key) {
        return pipelines.get(key, [&] {
            made += key;
            return ComputePipeline();
        });
    };
    const std::shared_ptr<const ComputePipeline> used = get("a");
    for (const char* key : {"b", "c", "b", "d", "b", "a", "c"}) get(key);
    CHECK(made == "abcdc");  // c had gone for d
    CHECK(get("a") == used);
    const std::shared_ptr<const ComputePipeline> more[] = {get("e"), get("f"), get("g")};
    CHECK(made == "abcdcefg");
    CHECK(get("e") == more[0]);  // more than three, all of which are used
    CHECK_THROWS_AS(pipelines.get("h", []() -> ComputePipeline { throw WorkError("no"); }), WorkError);
    get("h");
    CHECK(made == "abcdcefgh");
}

TEST_CASE_METHOD(DeviceFixture, "kernel: another shader of the same name has a pipeline of its own") {
    const auto pipeline = [&] {
        return AnyKernel(device, "stack_add", {"x", "other", "y"}, {}, push_bytes).pipeline();
    };
    const VkPipeline built_in = pipeline();
    const test::TemporaryFolder folder;
    const ScopedVariable scope("SHADENET_SHADER_DIR", folder.path().string());
    std::vector<std::uint32_t> words = shader_code("stack_add");
    words[2] += 1;  // the generator's own number: the same shader from another compiler
    write_words(folder / "stack_add.spv", words);
    CHECK(pipeline() != built_in);
}

TEST_CASE_METHOD(DeviceFixture, "shaders: a folder of one's own is used where it has the shader") {
    const test::TemporaryFolder folder;
    const std::vector<std::uint32_t> built_in = shader_code("stack_add");
    const std::vector<std::uint32_t> other = shader_code("stack_turn");
    const ScopedVariable scope("SHADENET_SHADER_DIR", folder.path().string());
    CHECK(shader_code("stack_add") == built_in);  // nothing is there
    write_words(folder / "stack_add.spv", other);
    CHECK(shader_code("stack_add") == other);
    CHECK_THAT(complaint(device, "stack_add", {"x", "other", "y"}, {}, push_bytes),
               ContainsSubstring("stack_add"));
    CHECK_THROWS_AS(shader_code("no_such_shader"), WorkError);
}

TEST_CASE_METHOD(DeviceFixture, "shaders: a broken file in that folder is refused by its name") {
    const test::TemporaryFolder folder;
    const auto path = folder / "stack_add.spv";
    std::vector<std::uint32_t> words = shader_code("stack_add");
    const ScopedVariable scope("SHADENET_SHADER_DIR", folder.path().string());
    const auto refused = [&] {
        CHECK_THROWS_AS(Adder(device), InputError);
        CHECK_THROWS_WITH(Adder(device), ContainsSubstring(path.string()));
    };
    write_file_atomically(path, "void main() {}\n");
    refused();
    write_file_atomically(path, "");
    refused();
    const auto bytes = std::as_bytes(std::span(words));
    write_file_atomically(path, bytes.first(bytes.size() - 1));
    refused();
    words.front() ^= 1;  // no longer the magic number
    write_words(path, words);
    refused();
}

TEST_CASE_METHOD(DeviceFixture, "shaders: SPIR-V that breaks off is refused before the driver sees it") {
    const test::TemporaryFolder folder;
    const std::vector<std::uint32_t> words = shader_code("stack_add");
    const ScopedVariable scope("SHADENET_SHADER_DIR", folder.path().string());
    write_words(folder / "stack_add.spv", std::span(words).first(words.size() / 2));
    CHECK_THROWS_WITH(Adder(device), ContainsSubstring("stack_add"));
}
