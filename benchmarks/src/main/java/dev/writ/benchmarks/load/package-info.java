/// Load on a running gateway, with the provider's side and nginx beside it for scale.
///
/// Start reading at [ProxyBench] (whole answers, by wrk) and [StreamBench] (event streams, by
/// [StreamLoad]). Both start [MockUpstream], nginx and `./writ serve` as processes of their own on
/// loopback, measure them by turns within one run, and end them whatever happens. Needs nothing of
/// Writ but its command line.
@NullMarked
package dev.writ.benchmarks.load;

import org.jspecify.annotations.NullMarked;
