import { nullTranslator, TranslationBundle } from '@jupyterlab/translation';

/** The words of the page's language; chosen once, when the first of our plugins starts. */
export let trans: TranslationBundle = nullTranslator.load('nb_mlops');

export function speak(bundle: TranslationBundle): void {
  trans = bundle;
}
