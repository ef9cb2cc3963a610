"""More nodes of packs: of the graphs that are handed around."""

from tests.workflows.corpus.infos import told

POPULAR = told("""
SDParameterGenerator: ckpt_name=COMBO vae_name=COMBO seed=INT steps=INT cfg=FLOAT sampler_name=COMBO
    scheduler=COMBO width=INT height=INT aspect_ratio=COMBO batch_size=INT -> COMBO COMBO INT INT
    INT FLOAT COMBO COMBO INT INT INT
CR SDXL Aspect Ratio: width=INT height=INT aspect_ratio=COMBO swap_dimensions=COMBO
    upscale_factor=FLOAT batch_size=INT -> INT INT FLOAT INT LATENT STRING
WildcardEncode //Inspire: model=MODEL clip=CLIP token_normalization=COMBO
    weight_interpretation=COMBO wildcard_text=PROMPT populated_text=PROMPT mode=COMBO seed=INT ->
    MODEL CLIP CONDITIONING STRING
Prompt With Style: positive_prompt=LINES negative_prompt=LINES style=COMBO ratio_selected=COMBO
    custom_size=COMBO fit_custom_size=COMBO custom_width=INT custom_height=INT batch_size=INT
    seed=INT -> LATENT STRING STRING STRING STRING INT INT INT INT
SDXLPromptStylerAdvanced: text_positive_g=LINES text_positive_l=LINES text_negative=LINES
    style=COMBO negative_prompt_to=COMBO copy_to_l=COMBO log_prompt=COMBO -> STRING STRING STRING
    STRING STRING STRING STRING
Text Random Line: text=STRING seed=INT -> STRING
DownloadAndLoadFlorence2Model: model=COMBO precision=COMBO attention=COMBO -> FL2MODEL
Florence2Run: image=IMAGE florence2_model=FL2MODEL text_input=LINES task=COMBO fill_mask=BOOLEAN
    max_new_tokens=INT num_beams=INT do_sample=BOOLEAN seed=INT -> IMAGE MASK STRING JSON
BatchPromptSchedule: text=LINES clip=CLIP max_frames=INT print_output=BOOLEAN pre_text=LINES
    app_text=LINES start_frame=INT end_frame=INT -> CONDITIONING CONDITIONING
StableCascade_EmptyLatentImage: width=INT height=INT compression=INT batch_size=INT -> LATENT LATENT
StableCascade_StageB_Conditioning: conditioning=CONDITIONING stage_c=LATENT -> CONDITIONING
ModelSamplingDiscrete: model=MODEL sampling=COMBO zsnr=BOOLEAN -> MODEL
PixArtCheckpointLoader: ckpt_name=COMBO model=COMBO -> MODEL
T5v11Loader: t5v11_name=COMBO t5v11_ver=COMBO path_type=COMBO device=COMBO dtype=COMBO -> T5
T5TextEncode: text=LINES T5=T5 -> CONDITIONING
DownloadAndLoadKolorsModel: model=COMBO precision=COMBO -> KOLORSMODEL
DownloadAndLoadChatGLM3: precision=COMBO -> CHATGLM3MODEL
KolorsTextEncode: chatglm3_model=CHATGLM3MODEL prompt=LINES negative_prompt=LINES
    num_images_per_prompt=INT -> KOLORS_EMBEDS
KolorsSampler: kolors_model=KOLORSMODEL kolors_embeds=KOLORS_EMBEDS width=INT height=INT seed=INT
    steps=INT cfg=FLOAT scheduler=COMBO latent=LATENT -> LATENT
HyVideoModelLoader: model=COMBO base_precision=COMBO quantization=COMBO -> HYVIDEOMODEL
DownloadAndLoadHyVideoTextEncoder: llm_model=COMBO clip_model=COMBO precision=COMBO ->
    HYVIDTEXTENCODER
HyVideoTextEncode: text_encoders=HYVIDTEXTENCODER prompt=LINES force_offload=BOOLEAN
    prompt_template=COMBO -> HYVIDEMBEDS
HyVideoSampler: model=HYVIDEOMODEL hyvid_embeds=HYVIDEMBEDS width=INT height=INT num_frames=INT
    steps=INT embedded_guidance_scale=FLOAT flow_shift=FLOAT seed=INT -> LATENT
HyVideoVAELoader: model_name=COMBO -> VAE
HyVideoDecode: vae=VAE samples=LATENT -> IMAGE
LTXVConditioning: positive=CONDITIONING negative=CONDITIONING frame_rate=FLOAT -> CONDITIONING
    CONDITIONING
EmptyLTXVLatentVideo: width=INT height=INT length=INT batch_size=INT -> LATENT
LTXVScheduler: steps=INT max_shift=FLOAT base_shift=FLOAT stretch=BOOLEAN terminal=FLOAT
    latent=LATENT -> SIGMAS
DetailDaemonSamplerNode: sampler=SAMPLER detail_amount=FLOAT start=FLOAT end=FLOAT -> SAMPLER
FluxSamplerParams+: model=MODEL conditioning=CONDITIONING latent_image=LATENT seed=STRING
    sampler=STRING scheduler=STRING steps=STRING guidance=STRING max_shift=STRING base_shift=STRING
    denoise=STRING -> LATENT SAMPLER_PARAMS
ReActorFaceSwap: enabled=BOOLEAN input_image=IMAGE source_image=IMAGE swap_model=COMBO
    facedetection=COMBO face_restore_model=COMBO input_faces_index=STRING source_faces_index=STRING
    -> IMAGE FACE_MODEL
PulidFluxModelLoader: pulid_file=COMBO -> PULIDFLUX
PulidFluxEvaClipLoader: -> EVA_CLIP
PulidFluxInsightFaceLoader: provider=COMBO -> FACEANALYSIS
ApplyPulidFlux: model=MODEL pulid_flux=PULIDFLUX eva_clip=EVA_CLIP face_analysis=FACEANALYSIS
    image=IMAGE weight=FLOAT start_at=FLOAT end_at=FLOAT -> MODEL
LoadAndApplyICLightUnet: model=MODEL model_path=COMBO -> MODEL
ICLightConditioning: positive=CONDITIONING negative=CONDITIONING vae=VAE foreground=LATENT
    multiplier=FLOAT -> CONDITIONING CONDITIONING LATENT
LayeredDiffusionApply: model=MODEL config=COMBO weight=FLOAT -> MODEL
LayeredDiffusionDecodeRGBA: samples=LATENT images=IMAGE sd_version=COMBO sub_batch_size=INT -> IMAGE
GroundingDinoModelLoader (segment anything): model_name=COMBO -> GROUNDING_DINO_MODEL
SAMModelLoader (segment anything): model_name=COMBO -> SAM_MODEL
GroundingDinoSAMSegment (segment anything): sam_model=SAM_MODEL
    grounding_dino_model=GROUNDING_DINO_MODEL image=IMAGE prompt=STRING threshold=FLOAT -> IMAGE
    MASK
BrushNetLoader: brushnet=COMBO dtype=COMBO -> BRMODEL
BrushNet: model=MODEL vae=VAE image=IMAGE mask=MASK brushnet=BRMODEL positive=CONDITIONING
    negative=CONDITIONING scale=FLOAT start_at=INT end_at=INT -> MODEL CONDITIONING CONDITIONING
    LATENT
InpaintCropImproved: image=IMAGE mask=MASK output_target_width=INT output_target_height=INT
    context_from_mask_extend_factor=FLOAT -> STITCHER IMAGE MASK
InpaintStitchImproved: stitcher=STITCHER inpainted_image=IMAGE -> IMAGE
INPAINT_LoadFooocusInpaint: head=COMBO patch=COMBO -> INPAINT_PATCH
INPAINT_VAEEncodeInpaintConditioning: positive=CONDITIONING negative=CONDITIONING vae=VAE
    pixels=IMAGE mask=MASK -> CONDITIONING CONDITIONING LATENT LATENT
INPAINT_ApplyFooocusInpaint: model=MODEL patch=INPAINT_PATCH latent=LATENT -> MODEL
TiledDiffusion: model=MODEL method=COMBO tile_width=INT tile_height=INT tile_overlap=INT
    tile_batch_size=INT -> MODEL
KSamplerAdvancedProvider: cfg=FLOAT sampler_name=COMBO scheduler=COMBO basic_pipe=BASIC_PIPE ->
    KSAMPLER_ADVANCED
RegionalPrompt: mask=MASK advanced_sampler=KSAMPLER_ADVANCED -> REGIONAL_PROMPTS
RegionalSampler: seed=INT seed_2nd=INT seed_2nd_mode=COMBO steps=INT base_only_steps=INT
    denoise=FLOAT samples=LATENT base_sampler=KSAMPLER_ADVANCED regional_prompts=REGIONAL_PROMPTS
    overlap_factor=INT restore_latent=BOOLEAN -> LATENT
Preview Chooser!: images=IMAGE mode=COMBO count=INT -> IMAGE LATENT MASK STRING
XY Input: Steps: target_parameter=COMBO batch_count=INT first_step=INT last_step=INT -> XY
XY Plot: grid_spacing=INT XY_flip=COMBO Y_label_orientation=COMBO cache_models=COMBO
    ksampler_output_image=COMBO X=XY Y=XY -> SCRIPT
ETN_LoadImageBase64: image=STRING -> IMAGE MASK
KSamplerVariationsWithNoise+: model=MODEL latent_image=LATENT main_seed=INT steps=INT cfg=FLOAT
    sampler_name=COMBO scheduler=COMBO positive=CONDITIONING negative=CONDITIONING
    variation_strength=FLOAT variation_seed=INT denoise=FLOAT -> LATENT
Fooocus positive: prompt=LINES styles=COMBO -> STRING
Fooocus Loader: base_model_name=COMBO refiner_model_name=COMBO prompt=LINES negative_prompt=LINES
    empty_latent_width=INT empty_latent_height=INT image_number=INT seed=INT -> PIPE_LINE MODEL CLIP
    VAE CONDITIONING CONDITIONING LATENT
Fooocus KSampler: pipe=PIPE_LINE steps=INT cfg=FLOAT sampler_name=COMBO scheduler=COMBO
    denoise=FLOAT -> PIPE_LINE IMAGE
""")
