internal import Glibc

/// How the vectors of texts and of pictures lie in their shared space: whether they fill it or have collapsed, and how
/// close the two vectors of a post are.
///
/// All measures are about directions: vectors are first scaled to length 1, and those that point nowhere are left out.
package struct SpaceGeometry: Equatable, Sendable {
  /// The most posts that are measured.
  package static let limit = 1000

  /// The texts.
  package let texts: Side
  /// The pictures.
  package let pictures: Side
  /// The mean squared distance between the text and the picture of a post, from 0 (the same direction) to 4; 2 is a right
  /// angle (alignment with α = 2: Wang and Isola 2020, arXiv 2005.10242). Nil without a pair.
  package let alignment: Double?

  /// Measures the first ``limit`` posts.
  ///
  /// - Parameters:
  ///   - texts: the posts' text vectors, of one length.
  ///   - pictures: their picture vectors, one for each text.
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

  /// The vectors of one side.
  package struct Side: Equatable, Sendable {
    /// The vectors that point somewhere.
    package let count: Int
    /// Their length: the dimensions of the space.
    package let dimensions: Int
    /// The mean cosine of two different vectors; 1 if all are alike, about 0 if they are spread evenly.
    package let meanCosine: Double
    /// In how many directions the vectors vary: (Σλ)² / Σλ² over the eigenvalues λ of their covariance, the participation
    /// ratio. It is k if the variance is spread evenly over k directions, and 0 if all vectors are the same. It is the
    /// exponential of the eigenvalues' Rényi entropy of order 2. Roy and Vetterli's effective rank (EUSIPCO 2007) takes
    /// Shannon's entropy, is never smaller, and needs the eigenvalues one by one; the sums here need none.
    package let effectiveRank: Double
    /// The logarithm of the mean of exp(−2 d²) over pairs of different vectors at distance d, from −8 to 0; 0 if all are
    /// alike, about −4 if they are spread evenly in many dimensions (uniformity with t = 2: Wang and Isola 2020).
    package let uniformity: Double

    /// Measures the first ``SpaceGeometry/limit`` vectors, which are of one length. All measures are 0 of fewer than two.
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
      // Products of centred vectors: no square is lost where all vectors are nearly the same.
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
      // Less than this is rounding.
      effectiveRank = variance > 1e-11 * n && powers > 0 ? variance * variance / powers : 0
    }

    /// The mean cosine above which vectors count as alike.
    package static let mostAlike = 0.9
    /// The share of the dimensions below which an effective rank is too low.
    package static let leastShare = 0.05
    /// The effective rank that is too low in any space.
    package static let leastRank = 2.0
    /// Fewer vectors say too little of the directions in which others would vary.
    package static let fewVectors = 30

    /// The effective rank below which the side has collapsed: 5 % of the dimensions, and 2 at least. So many vectors
    /// cannot vary in more directions than there are of them, less one.
    package var requiredRank: Double {
      max(Self.leastRank, Self.leastShare * Double(min(dimensions, count - 1)))
    }

    /// How the side has collapsed; nil if it has not, or if there are too few vectors to say so.
    package var collapse: Collapse? {
      guard count >= Self.fewVectors else { return nil }
      if meanCosine > Self.mostAlike { return .alike }
      return effectiveRank < requiredRank ? .fewDirections : nil
    }
  }

  /// A way in which vectors no longer tell posts apart.
  package enum Collapse: Equatable, Sendable {
    /// All vectors point almost the same way.
    case alike
    /// The vectors vary in very few directions (dimensional collapse: Jing et al. 2022, arXiv 2110.09348).
    case fewDirections
  }
}
