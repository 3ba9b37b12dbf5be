package dev.writ.server.upstream;

/// Is told how a call goes, on the I/O thread of the call, and never from inside
/// [UpstreamClient#call] or after [UpstreamCall#cancel].
public interface UpstreamListener {
    /// The answer has begun. Exactly one of [UpstreamCall#collectWhole], [StreamPump#start],
    /// [UpstreamCall#cancel] must follow, now or later; until then the idle timeout runs.
    void onHeaders(UpstreamCall call, UpstreamHead head);

    /// The call has failed: the last that is heard of it. Comes before [#onHeaders], or after it
    /// instead of the whole body. Faults of a stream are told to its [ChunkObserver] instead.
    void onFault(UpstreamFault fault);
}
