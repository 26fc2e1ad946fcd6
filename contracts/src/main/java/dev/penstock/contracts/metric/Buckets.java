package dev.penstock.contracts.metric;

import java.util.List;

/**
 * Upper bounds of histograms. Those of a convention are extended and never cut anew, so that
 * queries made for other servers work here.
 */
final class Buckets {
  /** {@code http.*.request.duration}, as OpenTelemetry's stable HTTP metrics have them. */
  static final List<Double> HTTP =
      List.of(.005, .01, .025, .05, .075, .1, .25, .5, .75, 1., 2.5, 5., 7.5, 10.);

  /** {@code gen_ai.client.*}, as OpenTelemetry's GenAI convention 1.41 has them. */
  static final List<Double> OPERATION =
      List.of(.01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);

  /** {@code gen_ai.server.request.duration}, and up to the longest request of Cloud Run. */
  static final List<Double> REQUEST =
      List.of(
          .01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84,
          327.68, 655.36, 1310.72, 3600.);

  /** {@code gen_ai.server.time_to_first_token}, and queues in front of one GPU. */
  static final List<Double> FIRST_TOKEN =
      List.of(
          .001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1., 2.5, 5., 7.5, 10., 15., 20.,
          30., 45., 60., 120., 300.);

  /** {@code gen_ai.server.time_per_output_token}, and answers that are sent from memory. */
  static final List<Double> PER_TOKEN =
      List.of(
          .001, .0025, .005, .01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1., 2.5, 5., 10.);

  /** {@code gen_ai.client.token.usage}: powers of four. */
  static final List<Double> TOKENS =
      List.of(
          1., 4., 16., 64., 256., 1024., 4096., 16384., 65536., 262144., 1048576., 4194304.,
          16777216., 67108864.);

  /** vLLM's for whole requests, and three below. */
  static final List<Double> UPSTREAM =
      List.of(
          .01, .05, .1, .3, .5, .8, 1., 1.5, 2., 2.5, 5., 10., 15., 20., 30., 40., 50., 60., 120.,
          240., 480., 960., 1920., 7680.);

  /** What we add. */
  static final List<Double> OVERHEAD =
      List.of(.00005, .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, 1.);

  /** From a client's act to a closed connection. */
  static final List<Double> CANCEL =
      List.of(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1., 2.5, 5.);

  /** A transaction of the store. */
  static final List<Double> COMMIT =
      List.of(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1., 2.5);

  /** How long nothing is read. */
  static final List<Double> PAUSE = List.of(.001, .01, .1, .25, .5, 1., 2.5, 5., 10., 30., 60.);

  /** Prompt time of one token: a prefix that is held already costs almost none. */
  static final List<Double> PREFILL_PER_TOKEN =
      List.of(.00001, .000025, .00005, .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05);

  /** Counts of events. */
  static final List<Double> EVENTS =
      List.of(1., 2., 5., 10., 20., 50., 100., 200., 500., 1000., 2000., 5000., 10000.);

  private Buckets() {}
}
