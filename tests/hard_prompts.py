"""Prompts that are hard to keep: each has broken some program that reads or writes pictures."""

PROMPTS = {
    "colon": "portrait of Anna: Queen, 8k",
    "steps": "how to bake\nSteps: 12, Size: 3x3, Seed: 99",
    "weights": "(masterpiece:1.3), [blue|red], \\(paren\\), <lora:ink:0.8> BREAK embedding:quality",
    "rtl": "חתול שחור קטן",
    "emoji": "👩\u200d👩\u200d👧\u200d👦 🏳️\u200d🌈 café",
    "nfd": "cafe\u0301 night",
    "u2028": "a\u2028b\x85c",
    "quotes": 'say "hi", =HYPERLINK("x") \'y\'',
    "markup": '<img src=x onerror="window.pwned=1"><b>bold</b>',
    "cyrillic": "КОШКА В ШЛЯПЕ",
    "percent": "100% cotton_shirt",
    "german": "STRAßE ÄRGER",
    "turkish": "İSTANBUL",
    "lines": "one\ntwo\n\nthree",
}
