"""Graphs without a prompt, graphs for other people's computers, and odd outputs."""

from tests.workflows.corpus.case import case
from tests.workflows.corpus.parts import (
    PLAIN,
    encoder,
    node,
    photo,
    sampler,
    save,
    text_to_image,
)

ESRGAN = node("UpscaleModelLoader", model_name="4x-UltraSharp.pth")

TOOLS = [
    case(
        "upscale only",
        {
            "photo": photo(), "esrgan": ESRGAN,
            "big": node("ImageUpscaleWithModel", upscale_model=["esrgan", 0], image=["photo", 0]),
            "save": save(["big", 0]),
        },
        image="photo.image", output="save",
    ),
    case(
        "background removal",
        {
            "photo": photo(),
            "cut": node("Image Rembg (Remove Background)", images=["photo", 0], transparency=True,
                        model="u2net", post_processing=False, background_color="none"),
            "save": save(["cut", 0]),
        },
        image="photo.image", output="save",
    ),
    case(
        "a caption of a picture, shown",
        {
            "photo": photo(),
            "tags": node("WD14Tagger|pysssss", image=["photo", 0], model="wd-v1-4-moat",
                         threshold=0.35, character_threshold=0.85, replace_underscore=False,
                         trailing_comma=False, exclude_tags=""),
            "show": node("ShowText|pysssss", text=["tags", 0]),
        },
        image="photo.image", output="tags", untold={"output": "show"},
    ),
    case(
        "a checkpoint that is merged and saved",
        {
            "one": node("CheckpointLoaderSimple", ckpt_name="one.safetensors"),
            "two": node("CheckpointLoaderSimple", ckpt_name="two.safetensors"),
            "both": node("ModelMergeSimple", model1=["one", 0], model2=["two", 0], ratio=0.5),
            "file": node("CheckpointSave", model=["both", 0], clip=["one", 1], vae=["one", 2],
                         filename_prefix="checkpoints/merged"),
        },
        output="file",
    ),
    case(
        "a mask that is looked at",
        {
            "photo": photo(),
            "mask": node("ImageToMask", image=["photo", 0], channel="red"),
            "show": node("MaskPreview+", mask=["mask", 0]),
        },
        image="photo.image", output="show",
    ),
    case(
        "a picture that is turned about",
        {
            "photo": photo(), "not": node("ImageInvert", image=["photo", 0]),
            "show": node("PreviewImage", images=["not", 0]),
        },
        image="photo.image", output="show",
    ),
    case(
        "what a text says is cut out of a picture",
        {
            "photo": photo(),
            "checkpoint": node("CheckpointLoaderSimple", ckpt_name="sam3.safetensors"),
            "what": node("CLIPTextEncode", text="the dog", clip=["checkpoint", 1]),
            "found": node("SAM3_Detect", model=["checkpoint", 0], image=["photo", 0],
                          conditioning=["what", 0], threshold=0.5),
            "show": node("PreviewImage", images=["found", 0]),
        },
        image="photo.image", output="show",
    ),
    case(
        "a shader, whose code is no prompt",
        {
            "photo": photo(),
            "glow": node("GLSLShader", images=["photo", 0],
                         fragment_shader="void main() { gl_FragColor = vec4(1.0); }"),
            "save": save(["glow", 0]),
        },
        image="photo.image", output="save",
    ),
    case(
        "a depth map",
        {
            "photo": photo(),
            "depth": node("DepthAnythingPreprocessor", image=["photo", 0], resolution=512,
                          ckpt_name="depth_anything_vitl14.pth"),
            "save": save(["depth", 0]),
        },
        image="photo.image", output="save",
    ),
]  # fmt: skip

ELSEWHERE = [
    case(
        "a partner's node: a prompt and a seed, nothing else",
        {
            "pro": node("FluxProUltraImageNode", prompt="a fox", prompt_upsampling=False, seed=3,
                        aspect_ratio="16:9", raw=False, image_prompt_strength=0.1),
            "save": save(["pro", 0]),
        },
        prompt="pro.prompt", seed="pro.seed", output="save",
    ),
    case(
        "a partner's node with a negative and a size",
        {
            "pro": node("RecraftTextToImageNode", prompt="a fox", size="1024x1024", n=1, seed=0,
                        negative_prompt="blurry"),
            "save": save(["pro", 0]),
        },
        prompt="pro.prompt", negativePrompt="pro.negative_prompt", seed="pro.seed", output="save",
    ),
    case(
        "a partner's node that changes a picture, with a prompt from a box",
        {
            "photo": photo(), "box": node("PrimitiveStringMultiline", value="make it winter"),
            "nano": node("GeminiImageNode", prompt=["box", 0], model="gemini-2.5-flash-image",
                         seed=42, images=["photo", 0], aspect_ratio="auto", system_prompt=""),
            "save": save(["nano", 0]),
        },
        prompt="box.value", seed="nano.seed", image="photo.image", output="save",
    ),
    case(
        "a partner's node whose inputs depend on the model that is chosen",
        {
            "pro": node("QwenImageTextToImageApi", model="qwen-image-max", seed=3,
                        **{"model.prompt": "a fox", "model.negative_prompt": "blurry"}),
            "save": save(["pro", 0]),
        },
        prompt="pro.model.prompt", negativePrompt="pro.model.negative_prompt", seed="pro.seed",
        output="save",
    ),
    case(
        "a partner's node with a second text that is a form, not words",
        {
            "pro": node("BriaImageEditNode", prompt="a fox", structured_prompt="",
                        negative_prompt="", seed=3),
            "save": save(["pro", 0]),
        },
        prompt="pro.prompt", negativePrompt="pro.negative_prompt", seed="pro.seed", output="save",
    ),
    case(
        "two partners one behind another, each with an order of its own",
        {
            "photo": photo(),
            "first": node("GeminiImageNode", prompt="a figure of it", model="m", seed=1,
                          images=["photo", 0], system_prompt=""),
            "second": node("GeminiImageNode", prompt="put it on a desk", model="m", seed=2,
                           images=["first", 0], system_prompt=""),
            "save": save(["second", 0]),
        },
        asks={"prompt": "first.prompt second.prompt"}, seed="first.seed second.seed",
        image="photo.image", output="save",
    ),
    case(
        "a partner's picture that another partner changes, who is told of no negative",
        {
            "first": node("RecraftTextToImageNode", prompt="a mill at a river", size="1024x1024",
                          n=1, seed=4, negative_prompt=""),
            "second": node("GeminiImageNode", prompt="let it rain", model="m", seed=2,
                           images=["first", 0], system_prompt=""),
            "save": save(["second", 0]),
        },
        asks={"prompt": "second.prompt first.prompt"}, negativePrompt="first.negative_prompt",
        seed="first.seed second.seed", output="save",
    ),
    case(
        "a partner's node for films",
        {
            "film": node("KlingTextToVideoNode", prompt="waves at night", negative_prompt="",
                         cfg_scale=0.8, aspect_ratio="16:9", mode="standard mode"),
            "save": node("SaveVideo", video=["film", 0], filename_prefix="kling", format="auto",
                         codec="auto"),
        },
        prompt="film.prompt", negativePrompt="film.negative_prompt", output="save",
    ),
]  # fmt: skip

ENDINGS = [
    case("a picture that only goes over the socket",
         {**text_to_image(), "save": node("SaveImageWebsocket", images=["decode", 0])}, PLAIN),
    case("a saver that passes the picture on to be compared",
         text_to_image(
             photo=photo(),
             compare=node("Image Comparer (rgthree)", image_a=["save", 0], image_b=["photo", 0])),
         PLAIN, image="photo.image"),
    case("a saver of a pack",
         {**text_to_image(), "save": node("Image Save", images=["decode", 0], output_path="x",
                                          filename_prefix="ComfyUI", extension="webp")}, PLAIN),
    case("a saver that writes the parameters, too",
         text_to_image(save=node("SaveImageWithMetaData", images=["decode", 0], width=512,
                                 height=512, positive="a cat", negative="blurry",
                                 seed_value=1, steps=20, filename="%time")), PLAIN,
         otherSeeds="save.seed_value"),
    case("an output for another program",
         {**text_to_image(), "save": node("ETN_SendImageWebSocket", images=["decode", 0],
                                          format="PNG")}, PLAIN),
    case("a picture and the text that made it",
         text_to_image(words=node("PrimitiveString", value="a cat"),
                       good=node("CLIPTextEncode", text=["words", 0], clip=["checkpoint", 1]),
                       show=node("PreviewAny", source=["words", 0])), PLAIN, prompt="words.value"),
    case("numbers in boxes, which a model and a saver are told, too",
         text_to_image(
             wide=node("PrimitiveInt", value=832), many=node("PrimitiveInt", value=24),
             latent=node("EmptyLatentImage", width=["wide", 0], height=512, batch_size=1),
             shift=node("ModelSamplingFlux", max_shift=1.15, base_shift=0.5, width=["wide", 0],
                        height=512, model=["checkpoint", 0]),
             sampler=sampler(model=["shift", 0], steps=["many", 0]),
             save=node("SaveImageWithMetaData", images=["decode", 0], width=["wide", 0],
                       height=512, positive="a cat", negative="blurry", seed_value=1,
                       steps=["many", 0], filename="%time")),
         PLAIN, width="wide.value", steps="many.value", otherSeeds="save.seed_value"),
    case("a text that is words for an encoder and a recipe for a loader of LoRAs",
         text_to_image(words=node("PrimitiveString", value="a cat <lora:ink:1>"),
                       loras=node("LoraTagLoader", model=["checkpoint", 0], clip=["checkpoint", 1],
                                  text=["words", 0]),
                       good=encoder(["words", 0], ["loras", 1]),
                       sampler=sampler(model=["loras", 0])),
         PLAIN, prompt="good.text"),
    case("a comparison beside what is saved",
         text_to_image(
             esrgan=ESRGAN,
             big=node("ImageUpscaleWithModel", upscale_model=["esrgan", 0], image=["decode", 0]),
             save=save(["big", 0]),
             compare=node("Image Comparer (rgthree)", image_a=["big", 0], image_b=["decode", 0])),
         PLAIN),
]  # fmt: skip

CASES = [*TOOLS, *ELSEWHERE, *ENDINGS]
