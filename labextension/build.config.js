// What the builder does not do by itself: a style sheet is made small as scripts are, and the loader's own code, which
// is a fifth of all, is written for browsers of today.
const { rspack } = require('@rspack/core');

module.exports = {
  target: ['web', 'es2022'],
  module: {
    rules: [
      {
        test: /\.css$/,
        enforce: 'pre',
        loader: 'builtin:lightningcss-loader',
        options: { minify: true, targets: 'chrome >= 111, firefox >= 113, safari >= 16.4' }
      }
    ]
  },
  optimization: {
    minimizer: [
      new rspack.SwcJsMinimizerRspackPlugin({
        minimizerOptions: {
          ecma: 2022,
          compress: { ecma: 2022, passes: 3, unsafe_arrows: true, unsafe_methods: true, keep_fargs: false },
          mangle: true,
          format: { comments: false }
        }
      })
    ]
  }
};
