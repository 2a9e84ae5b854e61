export type Module = 'dsp' | 'exercise';
/**
 * @param {Module} module
 * @param {{ fresh?: boolean, progress?: (text: string) => void }} [options] fresh: neither the cache nor the prebuilt module is used
 * @returns {Promise<string>} path of the .wasm
 */
export declare function buildDsp(module?: Module, { fresh, progress }?: {
    fresh?: boolean;
    progress?: (text: string) => void;
}): Promise<string>;
/** @param {Module} module @returns {string} the file name a prebuilt module must have to be used */
export declare function moduleName(module: Module): string;
export type Unit = {
    path: string;
    text: Buffer;
    key: string;
};
//# sourceMappingURL=build.d.mts.map