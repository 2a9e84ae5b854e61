/** How long somebody at a telephone may think. */
export const patience = {
  /** From the end of what was said to the first digit. */
  choiceMs: 6_000,
  /** Between two digits. */
  digitMs: 4_000,
  /** Of what is asked: in vain, or wrongly answered. */
  tries: 3,
} as const;
