internal import Glibc

/// How the vectors of texts and pictures are spread in their shared space, whether they have collapsed, and how close
/// the two vectors of a post are.
///
/// All measures use directions only: vectors are first scaled to length 1, and zero vectors are left out.
package struct SpaceGeometry: Equatable, Sendable {
  /// The largest number of posts that is measured.
  package static let limit = 1000

  package let texts: Side
  package let pictures: Side
  /// The mean squared distance between the text and the picture of a post, from 0 (the same direction) to 4; 2 is a
  /// right angle (alignment with α = 2: Wang and Isola 2020, arXiv 2005.10242). Nil without pairs.
  package let alignment: Double?

  /// Measures the first ``limit`` posts.
  ///
  /// - Parameters:
  ///   - texts: the posts' text vectors, of one length.
  ///   - pictures: their picture vectors, one for each text, of the same length.
  /// - Complexity: O(posts² · length).
  package init(texts: [[Float]], pictures: [[Float]]) {
    precondition(texts.count == pictures.count, "a picture for each text")
    let (texts, pictures) = (texts.prefix(Self.limit), pictures.prefix(Self.limit))
    self.texts = Side(Array(texts))
    self.pictures = Side(Array(pictures))
    let distances = zip(texts, pictures).compactMap { text, picture in
      UnitVector.of(text).flatMap { text in
        UnitVector.of(picture).map { picture in
          zip(text, picture).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
        }
      }
    }
    alignment = distances.isEmpty ? nil : distances.reduce(0, +) / Double(distances.count)
  }

  /// The measures of one side's vectors.
  package struct Side: Equatable, Sendable {
    /// The number of vectors that are not zero.
    package let count: Int
    package let dimensions: Int
    /// The mean cosine over pairs of vectors; 1 if all are equal, about 0 if they are spread evenly.
    package let meanCosine: Double
    /// The number of directions in which the vectors vary, as the participation ratio (Σλ)² / Σλ² over the eigenvalues
    /// λ of their covariance: k if the variance is spread evenly over k directions, 0 if all vectors are equal. It is
    /// the exponential of the eigenvalues' Rényi entropy of order 2. Roy and Vetterli's effective rank (EUSIPCO 2007)
    /// uses Shannon's entropy and is never smaller, but it needs the eigenvalues; these two sums do not.
    package let effectiveRank: Double
    /// The logarithm of the mean of exp(−2 d²) over pairs of different vectors at distance d, from −8 to 0; 0 if all
    /// are equal, about −4 if they are spread evenly in many dimensions (uniformity with t = 2: Wang and Isola 2020).
    package let uniformity: Double

    /// Measures the first ``SpaceGeometry/limit`` vectors, all of one length. With fewer than two vectors, all measures
    /// are 0.
    ///
    /// - Complexity: O(vectors² · length).
    package init(_ vectors: [[Float]]) {
      let units = vectors.prefix(SpaceGeometry.limit).compactMap(UnitVector.of)
      (count, dimensions) = (units.count, units.first?.count ?? 0)
      guard count > 1 else {
        (meanCosine, effectiveRank, uniformity) = (0, 0, 0)
        return
      }
      let n = Double(count)
      var mean = [Double](repeating: 0, count: dimensions)
      for unit in units { for index in mean.indices { mean[index] += Double(unit[index]) } }
      for index in mean.indices { mean[index] /= n }
      // Centred vectors keep the products accurate if all vectors are nearly equal.
      let centred = units.map { unit in zip(unit, mean).map { Float(Double($0) - $1) } }
      let products = InnerProducts(centred)
      var squares: [Double] = [], powers = 0.0, kernel = 0.0
      for (place, vector) in centred.enumerated() {
        let row = products.with(vector)
        let square = Double(row[place])
        powers += square * square
        for other in 0..<place {
          let product = Double(row[other])
          powers += 2 * product * product
          kernel += exp(-2 * max(0, square + squares[other] - 2 * product))
        }
        squares.append(square)
      }
      let variance = squares.reduce(0, +)
      meanCosine = min(1, (n * mean.reduce(0) { $0 + $1 * $1 } - 1) / (n - 1))
      uniformity = log(kernel / (n * (n - 1) / 2))
      // A smaller variance is rounding error.
      effectiveRank = variance > 1e-11 * n && powers > 0 ? variance * variance / powers : 0
    }

    /// The mean cosine above which the side has collapsed to one direction.
    package static let mostAlike = 0.9
    /// The share of the dimensions below which an effective rank is too low.
    package static let leastShare = 0.05
    /// The effective rank that is too low in any space.
    package static let leastRank = 2.0
    /// The fewest vectors that can show a collapse.
    package static let fewVectors = 30

    /// The effective rank below which the side has collapsed: 5 % of the dimensions, but at least 2. n vectors vary in
    /// at most n − 1 directions, so for few vectors it is 5 % of that.
    package var requiredRank: Double {
      max(Self.leastRank, Self.leastShare * Double(min(dimensions, count - 1)))
    }

    /// How the side has collapsed; nil if it has not, or if there are too few vectors to tell.
    package var collapse: Collapse? {
      guard count >= Self.fewVectors else { return nil }
      if meanCosine > Self.mostAlike { return .alike }
      return effectiveRank < requiredRank ? .fewDirections : nil
    }
  }

  /// The way in which a side's vectors have collapsed.
  package enum Collapse: Equatable, Sendable {
    /// All vectors point almost the same way.
    case alike
    /// The vectors vary in very few directions (dimensional collapse: Jing et al. 2022, arXiv 2110.09348).
    case fewDirections
  }
}
