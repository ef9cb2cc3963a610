// In the place of a picture that cannot be shown: which file, what happened to it, what to do. The app
// knows; it is asked again when somebody comes back to the page, who may have put the file back.
const AGAIN_MS = 1_000;
const asked = new Map(); // id: the answer that is on its way
const triedAgain = new Set(); // addresses: a network that changes breaks pictures off, too

async function ask(id) {
  try {
    const answer = await fetch(`${window.path_prefix}/pictures/${id}/fault`);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // the app is away, and says so elsewhere
  } finally {
    asked.delete(id);
  }
}

// What is the matter with a picture's file; without a `kind` nothing is. Null where nobody knows.
export function faultOf(id) {
  if (!asked.has(id)) asked.set(id, ask(id));
  return asked.get(id);
}

// Whether a browser has less of a file than there was: it draws a picture as far as it goes.
export async function isCut(src, bytes) {
  try {
    const answer = await fetch(src, { method: "HEAD" });
    return answer.ok && Number(answer.headers.get("content-length")) < bytes;
  } catch {
    return false;
  }
}

export default {
  props: { image: String, src: String, acts: Boolean },
  emits: ["again"],
  template: `
    <span class="bg-fault" data-testid="fault" :data-kind="about?.kind" :title="acts ? null : whole">
      <template v-if="about">
        <span class="bg-fault-short">{{ about.short }}</span>
        <span class="bg-fault-said">{{ about.said }}</span>
        <span class="bg-fault-to-do">{{ about.toDo }}</span>
        <span v-if="acts" class="bg-fault-ways" @pointerdown.stop @dblclick.stop>
          <button type="button" class="bg-tool" data-testid="look-again" @click="again">{{ about.again }}</button>
          <a v-if="about.make" class="bg-tool" data-testid="make-again" :href="about.href">{{ about.make }}</a>
        </span>
      </template>
    </span>
  `,
  data: () => ({ about: null }),
  computed: {
    whole() {
      return this.about && [this.about.said, this.about.toDo].join(" ").trim();
    },
  },
  async mounted() {
    addEventListener("focus", this.look);
    const about = await faultOf(this.image);
    if (about?.kind || triedAgain.has(this.src)) this.about = about;
    else this.waiting = setTimeout(this.again, AGAIN_MS);
  },
  unmounted() {
    clearTimeout(this.waiting);
    removeEventListener("focus", this.look);
  },
  methods: {
    async look() {
      const about = await faultOf(this.image);
      if (about?.kind) this.about = about;
      else if (about) await this.again();
    },
    // A browser that has it damaged would keep it so.
    async again() {
      triedAgain.add(this.src);
      const files = new Set([this.src, `${window.path_prefix}/api/images/${this.image}`]);
      await Promise.allSettled([...files].map((file) => fetch(file, { cache: "reload" })));
      this.$emit("again");
    },
  },
};
