// What the builder does not do by itself: style sheets are made small, as scripts are.
module.exports = {
  module: {
    rules: [
      {
        test: /\.css$/,
        enforce: 'pre',
        loader: 'builtin:lightningcss-loader',
        options: { minify: true, targets: 'chrome >= 111, firefox >= 113, safari >= 16.4' }
      }
    ]
  }
};
