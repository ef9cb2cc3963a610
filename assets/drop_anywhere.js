// Takes a file that is dropped anywhere on the page, or pasted where no text field would take it, and
// hands it to an uploader; with "many" (types of files), all those of these types, also out of folders, and
// those that a person picks, some at a time, and says with "sent" that all have been answered. While one is
// dragged over the page, it says what will become of it; while one is on its way for long, how far it has
// come.
const TEXT_FIELD =
  "textarea, [contenteditable=true], input:not([type=checkbox], [type=radio], [type=range], [type=button])";

const AT_ONCE = 20; // files under way; the page would do little else with thousands

const hasFiles = ({ dataTransfer }) => [...(dataTransfer?.types ?? [])].includes("Files");
const isGraph = (text) => /^\s*\{[^]*\}\s*$/.test(text);

// The files of what is dropped, out of folders too. The entries have to be asked for at once: later there are
// none any more.
const allOf = async ({ items, files }) => {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...files];
  return (await Promise.all(entries.map(inside))).flat();
};
const inside = async (entry) => {
  if (entry.isFile) return [await new Promise((done, fail) => entry.file(done, fail))];
  const reader = entry.createReader();
  const found = [];
  // Browsers give some at a time.
  for (let some; (some = await new Promise((done, fail) => reader.readEntries(done, fail))).length; )
    found.push(...some);
  return (await Promise.all(found.map(inside))).flat();
};

export default {
  props: { uploader: Number, words: Object, many: String },
  emits: ["several", "busy", "nothing", "sent"],
  template: `
    <Teleport to="body">
      <div v-if="isOver" class="bg-drop" data-testid="drop-zone" aria-hidden="true">
        <div class="bg-drop-box">
          <i class="q-icon notranslate material-icons">add_photo_alternate</i>
          <strong>{{ words.drop }}</strong>
          <span>{{ words.what }}</span>
        </div>
      </div>
      <div v-if="sending" class="bg-sending" data-testid="sending" role="status">
        <span>{{ words.sending }}: <bdi>{{ sending }}</bdi> · {{ progress }}</span>
        <button type="button" class="bg-link-button" @click="stop">{{ words.stop }}</button>
      </div>
    </Teleport>
  `,
  data() {
    return { isOver: false, sending: "", progress: "" };
  },
  mounted() {
    this.heard = {
      dragenter: this.enter, dragover: this.hover, dragleave: this.leave, drop: this.drop,
      paste: this.paste,
    };
    for (const [kind, hear] of Object.entries(this.heard)) document.addEventListener(kind, hear);
    document.addEventListener("keydown", this.escape, true);
  },
  unmounted() {
    for (const [kind, hear] of Object.entries(this.heard)) document.removeEventListener(kind, hear);
    document.removeEventListener("keydown", this.escape, true);
  },
  methods: {
    enter(event) {
      if (!hasFiles(event)) return;
      event.preventDefault();
      this.last = event.target;
      this.isOver = !this.isCancelled;
    },
    hover(event) {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = this.isCancelled ? "none" : "copy";
    },
    // Whatever is entered is entered before the other is left; the last one is left for another window.
    leave({ target }) {
      if (target === this.last) this.end();
    },
    end() {
      this.isOver = this.isCancelled = false;
    },
    drop(event) {
      if (!hasFiles(event)) return;
      event.preventDefault();
      const isWanted = !this.isCancelled;
      this.end();
      if (!isWanted) return;
      if (this.many) this.takeAll(allOf(event.dataTransfer));
      else this.take([...event.dataTransfer.files]);
    },
    escape(event) {
      if (event.key !== "Escape" || !this.isOver) return;
      event.stopPropagation();
      this.isOver = false;
      this.isCancelled = true;
    },
    paste(event) {
      const data = event.clipboardData;
      const text = data.getData("text/plain");
      const isTyped = event.target.closest?.(TEXT_FIELD) && text;
      if (event.defaultPrevented || isTyped) return;
      const files = [...data.files];
      if (this.many) {
        if (files.length) this.takeAll(files);
        return;
      }
      if (!files.length && isGraph(text))
        files.push(new File([text], `${this.words.pasted}.json`, { type: "application/json" }));
      if (!files.length) return;
      event.preventDefault();
      this.take(files);
    },
    take(files) {
      const uploader = getElement(this.uploader).$refs.qRef;
      if (!files.length) return;
      if (!uploader.canAddFiles) return this.$emit("busy");
      if (files.length > 1) this.$emit("several", files[0].name);
      this.follow(uploader, files[0].name);
      uploader.addFiles([files[0]]);
    },
    async takeAll(found) {
      const uploader = getElement(this.uploader).$refs.qRef;
      if (this.isSending || !uploader.canAddFiles) return this.$emit("busy");
      this.isSending = true;
      const types = this.many.split(",");
      const files = (await found).filter(({ type }) => types.includes(type));
      if (files.length) await this.send(uploader, files);
      else this.$emit("nothing");
      this.isSending = false;
    },
    async send(uploader, files) {
      this.isStopped = false;
      this.$emit("several", files.length);
      for (let at = 0; at < files.length && !this.isStopped; at += AT_ONCE) {
        uploader.addFiles(files.slice(at, at + AT_ONCE));
        await this.answered(uploader);
      }
      this.$emit("sent");
    },
    // The uploader's own watcher, which empties it, comes first.
    async answered(uploader) {
      if (uploader.isUploading) {
        await new Promise((done) => {
          const stop = this.$watch(() => uploader.isUploading, () => (stop(), done()));
        });
      }
      await this.$nextTick();
    },
    pick(isFolder) {
      const input = document.createElement("input");
      Object.assign(input, { type: "file", multiple: true, webkitdirectory: isFolder });
      if (!isFolder) input.accept = this.many;
      input.addEventListener("change", () => this.takeAll([...input.files]));
      input.click();
    },
    follow(uploader, name) {
      this.watching?.();
      this.watching = this.$watch(
        () => [uploader.isUploading, uploader.uploadProgressLabel],
        ([isUploading, progress]) => {
          this.sending = isUploading ? name : "";
          this.progress = progress;
        },
      );
    },
    stop() {
      this.isStopped = true;
      getElement(this.uploader).$refs.qRef.abort();
    },
  },
};
