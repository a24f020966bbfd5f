/** The chart of the setting `output`; others go by the names that the settings give them. */
export const MAIN_EDGE = "main";
