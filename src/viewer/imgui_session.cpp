#include "viewer/imgui_session.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_vulkan.h>
#include <imgui_internal.h>

#include "base/error.h"
#include "embedded/fonts.h"
#include "gpu/commands.h"
#include "gpu/swapchain.h"
#include "viewer/theme.h"

#if IMGUI_VERSION_NUM >= 19200
#error "Dear ImGui 1.92 uploads textures while it draws, past the queue's lock; use 1.86 to 1.91"
#endif

namespace shadenet {

namespace {

constexpr float font_units = 15;
constexpr VkDescriptorPoolSize textures{VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, 8};

void check_result(VkResult result) {
    require_success(result, "a call of Dear ImGui", "the window");
}

void set_font(float pixels, float pixels_per_unit) {
    // Latin, Greek, Cyrillic; punctuation, indices, letter-like signs, arrows, mathematics, shapes, ticks.
    static const ImWchar ranges[] = {0x0020, 0x017f, 0x0370, 0x052f, 0x2000, 0x209f, 0x2100, 0x214f,
                                     0x2190, 0x22ff, 0x2500, 0x26ff, 0x2713, 0x2718, 0};
    ImGuiIO& io = ImGui::GetIO();
    io.Fonts->Clear();
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false;
    config.OversampleH = config.OversampleV = 1;
    config.PixelSnapH = true;
    config.SizePixels = pixels;
    const auto fonts = embedded::fonts();
    if (fonts.empty()) {
        io.Fonts->AddFontDefault(&config);
    } else {
        // Dear ImGui wants bytes that it may change, but does not change them.
        void* bytes = const_cast<std::byte*>(fonts[0].bytes.data());
        io.Fonts->AddFontFromMemoryTTF(bytes, static_cast<int>(fonts[0].bytes.size()), pixels, &config,
                                       ranges);
    }
    io.FontGlobalScale = 1 / pixels_per_unit;
}

void upload_font(const Device& device) {
#if IMGUI_VERSION_NUM >= 19000
    const std::lock_guard turn(device.queue_lock());
    ImGui_ImplVulkan_CreateFontsTexture();
#else
    run_and_wait(device, [](VkCommandBuffer commands) { ImGui_ImplVulkan_CreateFontsTexture(commands); });
    ImGui_ImplVulkan_DestroyFontUploadObjects();
#endif
}

}  // namespace

ImguiSession::Context::Context() {
    IMGUI_CHECKVERSION();
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
}

#if IMGUI_VERSION_NUM < 18700

ImguiSession::GlfwBackend::GlfwBackend(GLFWwindow* window)
    : keys_([window](const KeyEvent& event) {
          ImGui_ImplGlfw_KeyCallback(window, event.key, event.scancode, event.action, event.mods);
      }) {
    ImGui_ImplGlfw_InitForVulkan(window, true);
    only_ = this;
    glfwSetKeyCallback(window, on_key);
}

/// Dear ImGui repeats keys by itself.
void ImguiSession::GlfwBackend::on_key(GLFWwindow*, int key, int scancode, int action, int mods) {
    if (action != GLFW_REPEAT) only_->keys_.add({key, scancode, action, mods});
}

void ImguiSession::GlfwBackend::begin_frame() {
    keys_.begin_frame();
    if (!keys_.empty()) glfwPostEmptyEvent();
    ImGui_ImplGlfw_NewFrame();
}

#else

ImguiSession::GlfwBackend::GlfwBackend(GLFWwindow* window) {
    ImGui_ImplGlfw_InitForVulkan(window, true);
}

void ImguiSession::GlfwBackend::begin_frame() {
    ImGui_ImplGlfw_NewFrame();
}

#endif

ImguiSession::GlfwBackend::~GlfwBackend() {
    ImGui_ImplGlfw_Shutdown();
}

ImguiSession::VulkanBackend::VulkanBackend(const Device& device, VkRenderPass render_pass,
                                           VkDescriptorPool pool) {
    ImGui_ImplVulkan_InitInfo info{};
    info.Instance = device.instance().handle();
    info.PhysicalDevice = device.info().handle;
    info.Device = device.handle();
    info.QueueFamily = device.info().queue_family;
    info.Queue = device.queue();
    info.PipelineCache = device.pipeline_cache();
    info.DescriptorPool = pool;
    // Not the number of the screen's images: Dear ImGui uses so many sets of vertices in turn.
    info.MinImageCount = info.ImageCount = Swapchain::frames_in_flight;
    info.MSAASamples = VK_SAMPLE_COUNT_1_BIT;
    info.CheckVkResultFn = check_result;
#if IMGUI_VERSION_NUM >= 19030
    info.RenderPass = render_pass;
    ImGui_ImplVulkan_Init(&info);
#else
    ImGui_ImplVulkan_Init(&info, render_pass);
#endif
}

ImguiSession::VulkanBackend::~VulkanBackend() {
    ImGui_ImplVulkan_Shutdown();
}

ImguiSession::ImguiSession(GLFWwindow* window, const Device& device, VkRenderPass render_pass)
    : device_(device),
      render_pass_(render_pass),
      glfw_(window),
      descriptors_(make_pool(device, textures.descriptorCount, std::span(&textures, 1),
                             VK_DESCRIPTOR_POOL_CREATE_FREE_DESCRIPTOR_SET_BIT)) {}

bool ImguiSession::fits(float content_scale, float pixels_per_unit) const {
    return scale_ == Scale{content_scale, pixels_per_unit};
}

void ImguiSession::set_scale(float content_scale, float pixels_per_unit) {
    if (fits(content_scale, pixels_per_unit)) return;
    vulkan_.reset();
    apply_theme(content_scale / pixels_per_unit);
    set_font(font_units * content_scale, pixels_per_unit);
    vulkan_ = std::make_unique<VulkanBackend>(device_, render_pass_, descriptors_);
    upload_font(device_);
    scale_ = Scale{content_scale, pixels_per_unit};
}

void ImguiSession::begin_frame() {
    ImGui_ImplVulkan_NewFrame();
    glfw_.begin_frame();
    ImGui::NewFrame();
}

void ImguiSession::abandon_frame() {
#if IMGUI_VERSION_NUM < 19130  // later versions do this themselves
    ImGui::ErrorCheckEndFrameRecover(nullptr);
#endif
    ImGui::EndFrame();
}

void ImguiSession::draw(VkCommandBuffer commands) {
    ImGui_ImplVulkan_RenderDrawData(ImGui::GetDrawData(), commands);
}

}  // namespace shadenet
