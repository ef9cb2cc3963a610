// Asks for the truth about one batch every 500 ms (FUN-BATCH-GEN-014), is told of changes in between,
// and owns the numbers: label, bars, time left, the notice that the app does not answer. What stands
// in the slots belongs to the server's bindings; it inherits --step, the fraction of the current
// image that is done.
const EVERY = 500;
const EVERY_UNSEEN = 2000;
const GIVE_UP = 5000;
const ENDED = ["complete", "failed", "cancelled"];

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

export default {
  props: { address: String, first: Object, words: Object },
  template: `
    <section :style="{ '--step': step }">
      <slot name="head"></slot>
      <div class="bg-numbers">
        <div class="bg-numbers-line">
          <span class="bg-numbers-image" data-testid="progress-label">{{ label }}</span>
          <span class="bg-muted">{{ doing }}</span>
          <slot name="beside"></slot>
          <span class="bg-eta" data-testid="eta" v-show="!wish">{{ eta }}</span>
        </div>
        <div class="bg-bar" data-testid="progress-bar" role="progressbar" aria-valuemin="0"
             aria-valuemax="100" :aria-valuenow="Math.round(all * 100)" :aria-label="words.batchBar">
          <span :style="{ transform: 'scaleX(' + all + ')' }"></span>
        </div>
        <div class="bg-bar bg-bar-thin" data-testid="step-progress" role="progressbar"
             aria-valuemin="0" aria-valuemax="100" :aria-valuenow="Math.round(step * 100)"
             :aria-label="words.stepBar">
          <span :key="number" :style="{ transform: 'scaleX(' + step + ')' }"></span>
        </div>
        <span class="bg-unseen" role="status">{{ said }}</span>
        <div v-if="lost" class="bg-lost" role="alert">{{ words.lost }}</div>
      </div>
      <slot></slot>
    </section>
  `,
  data() {
    return { progress: this.first, told: null, tag: null, lost: false, said: "" };
  },
  computed: {
    total() {
      return this.progress.totalImages;
    },
    done() {
      const { completedImages, failedImages, cancelledImages } = this.progress;
      return completedImages + failedImages.length + cancelledImages.length;
    },
    number() {
      return this.progress.currentImage ?? Math.min(this.done + 1, this.total);
    },
    step() {
      return this.progress.totalSteps ? this.progress.currentStep / this.progress.totalSteps : 0;
    },
    all() {
      return Math.min(1, (this.done + this.step) / this.total);
    },
    over() {
      return ENDED.includes(this.progress.status);
    },
    paused() {
      return this.progress.paused && this.progress.currentImage === null;
    },
    label() {
      if (this.paused) return fill(this.done ? this.words.paused : this.words.pausedFirst, { n: this.done, m: this.total });
      return fill(this.words.image, { n: this.number, m: this.total });
    },
    wish() {
      const { paused, finishing } = this.progress;
      if (finishing) return this.words.finishing;
      return paused && !this.paused ? this.words.pausing : "";
    },
    doing() {
      return [this.wish, this.work].filter(Boolean).join(" · ");
    },
    work() {
      if (this.progress.status === "queued") return this.words.queued;
      if (this.paused) return "";
      const { currentStep: n, totalSteps: m, promptsAhead: ahead, activity } = this.progress;
      if (activity?.phase === "sending") return this.words.sending;
      if (ahead) return fill(ahead === 1 ? this.words.oneAhead : this.words.ahead, { n: ahead });
      const isBetween = activity && (!m || (n >= m && activity.phase !== "sampling"));
      if (isBetween) return fill(this.words[activity.phase], activity);
      return m ? fill(this.words.step, { n, m }) : "";
    },
    eta() {
      const { estimatedSecondsRemaining: seconds, estimateBasis, status } = this.progress;
      if (seconds === null || status === "queued") return "";
      const end = new Date(Date.now() + seconds * 1000);
      const clock = [end.getHours(), end.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
      const form = estimateBasis === "observed" ? this.words.left : this.words.likely;
      return fill(form, { time: this.duration(Math.max(1, Math.round(seconds))), clock });
    },
  },
  watch: {
    progress(now, before) {
      const failed = now.failedImages.length > before.failedImages.length;
      const finished = now.completedImages > before.completedImages;
      const skipped = now.cancelledImages.length > before.cancelledImages.length && !this.over;
      if (this.paused) return (this.said = this.label);
      if (skipped) this.said = fill(this.words.skipped, { n: now.cancelledImages.at(-1), m: this.total });
      const n = failed ? now.failedImages.at(-1) : this.done;
      if (failed || finished) {
        this.said = fill(failed ? this.words.failed : this.words.finished, { n, m: this.total });
      }
    },
    number() {
      this.$nextTick(this.follow);
    },
  },
  mounted() {
    document.addEventListener("visibilitychange", this.look);
    this.look();
    this.follow();
  },
  unmounted() {
    document.removeEventListener("visibilitychange", this.look);
    clearTimeout(this.timer);
    this.gone = true; // also for an answer that is still under way
  },
  methods: {
    async look() {
      clearTimeout(this.timer);
      const turn = (this.turn = Symbol());
      const began = performance.now();
      try {
        await this.ask();
        this.lost = false;
      } catch {
        this.lost = true;
      }
      if (this.gone || this.over || turn !== this.turn) return;
      const every = document.hidden ? EVERY_UNSEEN : EVERY;
      this.timer = setTimeout(this.look, Math.max(0, every - (performance.now() - began)));
    },
    async ask() {
      const told = this.told;
      const headers = this.tag ? { "If-None-Match": this.tag } : {};
      const signal = AbortSignal.timeout(GIVE_UP);
      const answer = await fetch(this.address, { headers, signal, cache: "no-store" });
      if (answer.status === 304) return;
      if (answer.status === 404) return (this.gone = true);
      if (!answer.ok) throw new Error(answer.statusText);
      const { progress } = await answer.json();
      this.tag = answer.headers.get("ETag");
      if (told === this.told) this.progress = progress; // what was told meanwhile is newer
    },
    tell(progress) {
      this.told = progress;
      this.progress = progress;
    },
    duration(seconds) {
      const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
      const { hours, wholeHours, minutes, wholeMinutes } = this.words;
      const form = h ? (m ? hours : wholeHours) : m ? (s ? minutes : wholeMinutes) : this.words.seconds;
      return fill(form, { h, m, s });
    },
    follow() {
      const place = this.$el.querySelector('[data-status="generating"]');
      const row = place?.closest(".bg-row");
      if (row) row.scrollLeft = place.offsetLeft - row.offsetLeft - row.clientWidth / 2;
    },
  },
};
