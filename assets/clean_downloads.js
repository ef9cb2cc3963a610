// Downloads without the settings inside, where this device wants them so (device_tick.js). It is looked up
// when a link is used: the switch may have been set since it was drawn, in another tab, too. A file that
// has no such copy is not given in its place.
import { isCleanWanted } from "batchgen-downloads/device.js";

const USES = ["click", "auxclick", "contextmenu"];
const OURS = /\/(api\/(images|batches)|gallery\/archive)\//;
const ARCHIVE = /\/archive$|\/gallery\/archive\//; // which says itself what is missing in it, unless all is
const HAS_ONE = /\.(png|jpg|webp)$/;
const ON_DISK = /^(\d+)_\d+(_\d+)?(\.\w+)$/; // number, seed, number of a further picture

const withoutSeed = (name) => name.replace(ON_DISK, "$1$2$3");

export default {
  template: "<div hidden></div>",
  emits: ["refused"],
  mounted() {
    for (const use of USES) document.addEventListener(use, this.ask, true);
  },
  unmounted() {
    for (const use of USES) document.removeEventListener(use, this.ask, true);
  },
  methods: {
    ask(event) {
      const link = event.target.closest?.("a[download]");
      if (!link || !OURS.test(link.pathname)) return;
      const isClean = isCleanWanted();
      const isArchive = ARCHIVE.test(link.pathname);
      const isPossible = isArchive ? link.dataset.clean !== "false" : HAS_ONE.test(link.download);
      if (isClean && !isPossible) this.refuse(event, isArchive ? "" : link.download);
      else this.set(link, isClean);
    },
    refuse(event, name) {
      event.preventDefault();
      this.$emit("refused", name);
    },
    set(link, isClean) {
      const address = new URL(link.href);
      if (isClean) address.searchParams.set("metadata", "none");
      else address.searchParams.delete("metadata");
      link.search = decodeURIComponent(address.search);
      this.call(link, isClean);
    },
    // A name that a pattern gave stays. The page may have given the link another one since.
    call(link, isClean) {
      const { called } = link.dataset;
      if (called && link.download === withoutSeed(called)) link.download = called;
      if (!isClean || withoutSeed(link.download) === link.download) return;
      link.dataset.called = link.download;
      link.download = withoutSeed(link.download);
    },
  },
};
